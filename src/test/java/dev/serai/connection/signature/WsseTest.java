package dev.serai.connection.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WsseTest {
  /** The example of "Atom Authentication" (xml.com, 2003). */
  @Test
  void the_published_example_comes_out() {
    assertThat(
            Wsse.header(
                "bob",
                "taadtaadpstcsm",
                false,
                "d36e316282959a9ed4c89851497a717f",
                "2003-12-15T14:43:07Z"))
        .isEqualTo(
            "UsernameToken Username=\"bob\", PasswordDigest=\"quR/EWLAV4xLf9Zqyw4pDmfV9OY=\","
                + " Nonce=\"d36e316282959a9ed4c89851497a717f\", Created=\"2003-12-15T14:43:07Z\"");
  }

  @Test
  void some_want_the_digest_in_hex_first() {
    String header =
        Wsse.header("bob", "pw", true, "d36e316282959a9ed4c89851497a717f", "2003-12-15T14:43:07Z");

    String digest = header.replaceAll(".*PasswordDigest=\"([^\"]*)\".*", "$1");
    assertThat(new String(java.util.Base64.getDecoder().decode(digest))).matches("[0-9a-f]{40}");
  }

  @Test
  void each_request_has_a_nonce_of_its_own_and_whole_seconds() {
    Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

    String one = Wsse.header("bob", "pw", false, now);

    assertThat(one).contains("Created=\"2026-01-02T03:04:05Z\"");
    assertThat(Wsse.header("bob", "pw", false, now)).isNotEqualTo(one);
  }
}
