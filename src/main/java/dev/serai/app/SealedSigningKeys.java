package dev.serai.app;

import dev.serai.connection.EnvironmentStore;
import dev.serai.outbox.SigningKeys;
import dev.serai.vault.Vault;

/** The webhook signing keys of the environments, unsealed when they are asked for. Thread-safe. */
final class SealedSigningKeys implements SigningKeys {
  static final String PURPOSE = "webhook_signing_key";

  private final EnvironmentStore environments;
  private final Vault vault;

  SealedSigningKeys(EnvironmentStore environments, Vault vault) {
    this.environments = environments;
    this.vault = vault;
  }

  @Override
  public String of(int environment) {
    EnvironmentStore.SealedSigningKey key = environments.signingKey(environment);
    return vault.openText(PURPOSE, key.environment().toString(), key.sealed());
  }
}
