package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHashTest {

  @Test
  void only_the_key_itself_matches_its_hash() {
    byte[] hash = KeyHash.of("2f1d9a5c-8f5b-4c6e-9a38-5a4ad0a3f0a1");

    assertThat(KeyHash.matches(hash, "2f1d9a5c-8f5b-4c6e-9a38-5a4ad0a3f0a1")).isTrue();
    assertThat(KeyHash.matches(hash, "2f1d9a5c-8f5b-4c6e-9a38-5a4ad0a3f0a2")).isFalse();
    assertThat(hash).hasSize(32);
  }
}
