package dev.serai.providers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.provider.Provider;
import dev.serai.provider.WebhookSpec.SecretSource;
import dev.serai.vault.Vault;
import org.jdbi.v3.core.Handle;

/** Whose webhooks a fixture tells of. */
record WebhookCustomer(Vault vault, Provider provider, long integration) {
  /** The connection {@code c}, and the secret where the provider's folder says it is. */
  long connect(Handle handle, JsonNode one) {
    long id =
        handle
            .createQuery(
                """
                insert into connection (environment, integration, connection_id, tenant, account, connection_config)
                  select environment, id, 'c', 't', :account, :config::jsonb from integration where id = :integration
                returning id
                """)
            .bind("account", one.has("account") ? one.path("account").asText() : null)
            .bind(
                "config",
                Json.write(one.has("connection") ? one.path("connection") : Json.object()))
            .bind("integration", integration)
            .mapTo(Long.class)
            .one();
    String secret = one.path("secret").asText();
    handle.execute(
        "update integration set webhook_secret = ? where id = ?",
        vault.seal("webhook_secret", Long.toString(integration), secret),
        integration);
    var sealed = Json.object();
    sealed.putObject("credentials").put("type", "API_KEY").put("apiKey", "none");
    var fields = sealed.putObject("secret_config");
    var declared = provider.webhooks().proof().secret();
    if (declared != null) {
      for (SecretSource source : declared.sources()) {
        if (source instanceof SecretSource.Config(String field)) {
          fields.put(field, secret);
        }
      }
    }
    handle.execute(
        "insert into credential (connection, type, sealed) values (?, 'API_KEY', ?)",
        id,
        vault.seal("credential", Long.toString(id), Json.write(sealed)));
    return id;
  }
}
