package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class VaultTest {
  private final Vault vault = new Vault(key(1));

  @Test
  void what_is_sealed_for_a_row_opens_there() {
    byte[] sealed = vault.seal("credential", "42", "s3cret");

    assertThat(vault.openText("credential", "42", sealed)).isEqualTo("s3cret");
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
  }

  @Test
  void the_same_secret_never_looks_the_same_twice() {
    assertThat(vault.seal("credential", "42", "s3cret"))
        .isNotEqualTo(vault.seal("credential", "42", "s3cret"));
  }

  @Test
  void any_changed_bit_is_noticed() {
    byte[] sealed = vault.seal("credential", "42", "s3cret");

    for (int i = 0; i < sealed.length; i++) {
      byte[] tampered = sealed.clone();
      tampered[i] ^= 1;
      assertThatThrownBy(() -> vault.open("credential", "42", tampered))
          .as("byte " + i)
          .isInstanceOf(VaultException.class);
    }
  }

  @Test
  void a_shortened_envelope_is_refused() {
    byte[] sealed = vault.seal("credential", "42", "s3cret");

    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> vault.open("credential", "42", cut))
          .isInstanceOf(VaultException.class);
    }
  }

  @Test
  void a_secret_moved_to_another_row_or_purpose_is_refused() {
    byte[] sealed = vault.seal("credential", "42", "s3cret");

    assertThatThrownBy(() -> vault.open("credential", "43", sealed))
        .hasMessageContaining("another row")
        .hasMessageNotContainingAny("s3cret");
    assertThatThrownBy(() -> vault.open("integration", "42", sealed))
        .isInstanceOf(VaultException.class);
    assertThatThrownBy(() -> vault.open("credential4", "2", sealed))
        .isInstanceOf(VaultException.class);
  }

  @Test
  void another_master_key_is_told_apart_from_tampering() {
    byte[] sealed = new Vault(key(2)).seal("credential", "42", "s3cret");

    assertThatThrownBy(() -> vault.open("credential", "42", sealed))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo("other_encryption_key"));
  }

  private static MasterKey key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return MasterKey.parse(Base64.getEncoder().encodeToString(bytes));
  }
}
