package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
  @TempDir Path folder;

  @Test
  void a_generated_key_is_kept_for_the_owner_only_and_found_again() throws Exception {
    Path file = folder.resolve("encryption.key");

    MasterKey first = MasterKey.keptIn(file);
    MasterKey second = MasterKey.keptIn(file);

    assertThat(second.bytes()).isEqualTo(first.bytes()).hasSize(32);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void a_key_of_the_wrong_length_is_refused_with_the_remedy() {
    String short16 = Base64.getEncoder().encodeToString(new byte[16]);

    assertThatThrownBy(() -> MasterKey.parse(short16))
        .hasMessage("the key has 16 bytes, 32 are needed; make one with: openssl rand -base64 32");
  }

  @Test
  void text_that_is_not_base64_is_refused_without_showing_it() {
    assertThatThrownBy(() -> MasterKey.parse("not base64!"))
        .hasMessageStartingWith("the key is not base64")
        .hasMessageNotContainingAny("not base64!");
  }

  @Test
  void a_broken_key_file_is_named_and_left_as_it_is() throws Exception {
    Path file = Files.writeString(folder.resolve("encryption.key"), "AAAA");

    assertThatThrownBy(() -> MasterKey.keptIn(file)).hasMessageContaining(file.toString());
    assertThat(file).hasContent("AAAA");
  }

  @Test
  void the_key_does_not_show() {
    String base64 = Base64.getEncoder().encodeToString(new byte[32]);

    assertThat(MasterKey.parse(base64).toString()).doesNotContain(base64);
  }
}
