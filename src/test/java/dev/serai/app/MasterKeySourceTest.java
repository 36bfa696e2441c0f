package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.support.Marked;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MasterKeySourceTest {
  @TempDir Path home;

  private static MasterKeySource command(String command) {
    return new MasterKeySource.FromCommand(
        "serai.encryption.key.command", command, Duration.ofSeconds(2));
  }

  /** Equal keys open what the other sealed; a key shows nothing of itself. */
  private static boolean isOurs(MasterKey key) {
    byte[] sealed = new Vault(key).seal("note", "1", "x");
    MasterKey ours = MasterKey.parse(Marked.MASTER_KEY);
    return new Vault(ours).openText("note", "1", sealed).equals("x");
  }

  @Test
  void a_command_prints_the_key_and_may_leave_an_agent_running() {
    assertThat(isOurs(command("echo " + Marked.MASTER_KEY).read())).isTrue();
    assertThat(isOurs(command("echo; echo '  %s  '".formatted(Marked.MASTER_KEY)).read())).isTrue();
    // What it leaves running holds the other end of our pipe.
    assertThat(isOurs(command("sleep 8 & echo " + Marked.MASTER_KEY).read())).isTrue();
    assertThat(isOurs(command("sleep 8 & printf " + Marked.MASTER_KEY).read())).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3 | ended with status 3",
        "no-such-command-at-all 2>/dev/null | ended with status 127",
        "true | gives no master key (the key has 0 bytes, 32 are needed",
        "echo hushhush! | gives no master key (the key is not base64",
        "echo aHVzaGh1c2g= | gives no master key (the key has 8 bytes",
        "echo hushhush; exec sleep 20 | did not end",
        "sleep 8 & printf hushhush | gives no master key (the key has 6 bytes",
      })
  void a_command_that_gives_no_key_is_named_and_what_it_printed_is_not(
      String command, String message) {
    assertThatThrownBy(() -> command(command).read())
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("serai.encryption.key.command " + message)
        .hasMessageEndingWith("it must print 32 bytes in base64 and end within 2 s")
        .hasMessageNotContaining("hushhush")
        .hasNoCause();
  }

  @Test
  void a_file_holds_the_key_or_is_named() throws Exception {
    Path file = home.resolve("master");
    MasterKeySource source = new MasterKeySource.InFile("serai.encryption.key.file", file);
    assertThatThrownBy(source::read).hasMessageContaining("master, which holds no master key");
    Files.writeString(file, "hushhush");
    assertThatThrownBy(source::read)
        .hasMessageContaining("which holds no master key (the key has 6 bytes")
        .hasMessageNotContaining("hushhush");
    Files.writeString(file, Marked.MASTER_KEY + "\n");
    assertThat(isOurs(source.read())).isTrue();
  }

  @Test
  void the_key_that_is_made_at_the_first_start_is_its_owners_alone() throws Exception {
    Path file = home.resolve("encryption.key");
    byte[] sealed = new Vault(new MasterKeySource.Kept(file).read()).seal("note", "1", "x");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new Vault(new MasterKeySource.Kept(file).read()).openText("note", "1", sealed))
        .isEqualTo("x");
  }

  @Test
  void two_places_at_once_are_refused() {
    assertThatThrownBy(() ->
            Settings.read(
                home,
                Map.of(
                    "SERAI_ENCRYPTION_KEY",
                    Marked.MASTER_KEY,
                    "SERAI_ENCRYPTION_KEY_COMMAND",
                    "echo " + Marked.MASTER_KEY)))
        .hasMessageStartingWith("serai.encryption.key is given twice")
        .hasMessageNotContaining(Marked.MASTER_KEY);
  }
}
