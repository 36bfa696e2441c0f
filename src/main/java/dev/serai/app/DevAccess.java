package dev.serai.app;

import dev.serai.api.ApiKeyStore;
import dev.serai.connection.Environment;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.WebhookKeys;
import dev.serai.database.Database;
import dev.serai.database.OwnerFile;
import dev.serai.outbox.SigningKeys;
import dev.serai.vault.Vault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The environment {@code dev} and its API key, there from the first start on.
 *
 * @param generated the key was made just now and nobody has seen it
 */
record DevAccess(int environment, UUID key, boolean generated) {
  private static final String NAME = "dev";
  private static final String KEY_NAME = "dev key";

  /** Makes what is missing; refuses a master key that is not this database's. */
  static DevAccess open(Settings settings, Database database, Vault vault) {
    Path file = settings.folders().data().resolve("dev.key");
    UUID given = settings.secrets().devKey();
    boolean generated = given == null && !Files.exists(file);
    UUID key = given != null ? given : kept(file);
    WebhookKeys signing = new WebhookKeys(database, vault);
    EnvironmentStore environments = new EnvironmentStore(database);
    // Backends verify webhooks with the key they call us with, until a signing key is set.
    Environment dev = environments.ensure(NAME, uuid -> signing.seal(uuid, key.toString()));
    SigningKeys.Keys unused = signing.of(dev.id()); // or another master key sealed it
    ApiKeyStore keys = new ApiKeyStore(database);
    if (given != null || settings.secrets().database() == null) {
      keys.replace(dev.id(), KEY_NAME, key);
    } else {
      // Other nodes on the same database may have generated theirs.
      keys.put(dev.id(), KEY_NAME, key);
    }
    URI url = settings.outgoing().webhookUrl();
    if (url != null) {
      environments.setEndpoints(dev.id(), url.toString(), dev.secondaryUrl());
    }
    return new DevAccess(dev.id(), key, generated);
  }

  private static UUID kept(Path file) {
    try {
      return Settings.uuidV4(OwnerFile.readOrCreate(file, () -> UUID.randomUUID().toString()));
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          file + " holds no UUID v4 that can be read: delete it, or set SERAI_SECRET_KEY_DEV");
    }
  }

  /** Without the key: safe for logs. */
  @Override
  public String toString() {
    return "DevAccess[environment=" + environment + "]";
  }
}
