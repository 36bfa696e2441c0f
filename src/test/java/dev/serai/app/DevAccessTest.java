package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.WebhookKeys;
import dev.serai.support.TestDatabase;
import dev.serai.support.TestSettings;
import dev.serai.vault.KeyHash;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DevAccessTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path home;
  private final Vault vault =
      new Vault(MasterKey.parse(Base64.getEncoder().encodeToString(new byte[32])));

  @Test
  void a_generated_key_is_kept_for_the_owner_and_only_new_once() throws Exception {
    TestSettings settings = new TestSettings(home).with("SERAI_SECRET_KEY_DEV", "");

    DevAccess first = open(settings);
    DevAccess second = open(settings);

    assertThat(first.generated()).isTrue();
    assertThat(second.generated()).isFalse();
    assertThat(second.key()).isEqualTo(first.key());
    assertThat(first.key().version()).isEqualTo(4);
    assertThat(Files.getPosixFilePermissions(home.resolve("dev.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void a_key_that_was_replaced_opens_nothing_any_more() {
    open(new TestSettings(home));
    UUID other = UUID.fromString("0c3c8b9e-6a0e-4d5a-9c53-0f6f0b1a2c3d");
    open(new TestSettings(home).with("SERAI_SECRET_KEY_DEV", other.toString()));

    assertThat(hashes()).containsExactly(KeyHash.of(other.toString()));
  }

  @Test
  void the_signing_key_starts_as_the_dev_key_and_does_not_follow_it() {
    DevAccess first = open(new TestSettings(home));
    open(
        new TestSettings(home)
            .with("SERAI_SECRET_KEY_DEV", "0c3c8b9e-6a0e-4d5a-9c53-0f6f0b1a2c3d"));

    assertThat(new WebhookKeys(postgres.database(), vault).of(first.environment()).current())
        .isEqualTo(TestSettings.DEV_KEY);
  }

  @Test
  void the_webhook_url_of_the_settings_becomes_the_primary_endpoint() {
    DevAccess dev =
        open(new TestSettings(home).with("SERAI_WEBHOOK_URL", "http://127.0.0.1:9/hook"));

    assertThat(new EnvironmentStore(postgres.database()).get(dev.environment()).primaryUrl())
        .isEqualTo("http://127.0.0.1:9/hook");
  }

  private DevAccess open(TestSettings settings) {
    return DevAccess.open(settings.read(home), postgres.database(), vault);
  }

  private List<byte[]> hashes() {
    return postgres
        .database()
        .read(handle -> handle.createQuery("select hash from api_key").mapTo(byte[].class).list());
  }
}
