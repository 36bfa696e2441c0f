package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One customer's account at one provider, without its credentials: safe to carry in an exchange.
 *
 * @param id our row id, unique across environments
 * @param environment the row id of the environment; {@code environmentName} is e.g. {@code dev}
 * @param integration the row id of the integration; {@code providerConfigKey} is its unique key
 * @param provider the provider folder's name, e.g. {@code redmine}
 * @param connectionId the caller's own id for it, unique within the integration
 * @param tenant fairness group: the end user's organisation, else the end user, else this
 *     connection
 * @param config what base URL templates are filled from, e.g. {@code {"url": "…"}}
 */
public record Connection(
    long id,
    int environment,
    String environmentName,
    long integration,
    String providerConfigKey,
    String provider,
    String connectionId,
    String tenant,
    ObjectNode config,
    @Nullable ObjectNode metadata,
    @Nullable String webhookUrlOverride) {

  /** The same with another configuration. */
  Connection configured(ObjectNode other) {
    return new Connection(
        id,
        environment,
        environmentName,
        integration,
        providerConfigKey,
        provider,
        connectionId,
        tenant,
        other,
        metadata,
        webhookUrlOverride);
  }

  /** For messages: {@code redmine connection user-1 (integration redmine)}. */
  public String label() {
    return "%s connection %s (integration %s)".formatted(provider, connectionId, providerConfigKey);
  }
}
