package dev.serai.connection.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrontDoorTest {
  /**
   * The vector is openssl's: {@code printf github:conn-1 | openssl dgst -sha256 -hmac hmac-key}.
   */
  @Test
  void the_signature_is_the_one_that_backends_compute() {
    assertThat(FrontDoor.sign("hmac-key", "github", "conn-1"))
        .isEqualTo("bbd361edce6dbf3b2f213cc47019fff788ed778725b1dce23bfbb264774e7b54");
  }
}
