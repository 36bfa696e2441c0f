package dev.serai.connection;

import org.jspecify.annotations.Nullable;

/**
 * What is sealed of an integration, as a caller sets it; null leaves it as it is.
 *
 * @param webhookSecret what the provider signs its webhooks with
 */
public record IntegrationSecrets(@Nullable App app, @Nullable String webhookSecret) {
  public static final IntegrationSecrets UNCHANGED = new IntegrationSecrets(null, null);

  @Override
  public String toString() {
    return "IntegrationSecrets[hidden]";
  }
}
