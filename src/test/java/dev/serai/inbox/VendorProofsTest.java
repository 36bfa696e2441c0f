package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serai.http.Headers;
import dev.serai.inbox.Proofs.Finding;
import dev.serai.provider.VendorWebhooks;
import dev.serai.provider.VendorWebhooks.Vendor;
import dev.serai.provider.WebhookSpec.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each vendor's declared scheme against one delivery of its own, and against forged ones. */
class VendorProofsTest {
  static List<Vendor> vendors() throws Exception {
    return VendorWebhooks.all();
  }

  @Test
  void every_vendor_that_is_promised_is_here() throws Exception {
    Set<String> names = vendors().stream().map(Vendor::name).collect(Collectors.toSet());

    assertThat(names)
        .contains(
            "github",
            "gitlab",
            "slack",
            "stripe",
            "hubspot",
            "zendesk",
            "shopify",
            "xero",
            "linear",
            "intercom",
            "svix");
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_good_delivery_is_believed(Vendor vendor) {
    assertThat(check(vendor, arrival(vendor), secret(vendor), now(vendor))).isEqualTo(Finding.GOOD);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void every_single_flipped_bit_of_body_and_proof_is_refused(Vendor vendor) {
    byte[] body = arrival(vendor).body();
    if (vendor.spec().proof() instanceof Proof.Hmac) {
      for (int i = 0; i < body.length * 8; i++) {
        byte[] flipped = body.clone();
        flipped[i / 8] ^= (byte) (1 << (i % 8));
        Arrival forged = new Arrival("POST", url(vendor), headers(vendor), flipped);
        assertThat(check(vendor, forged, secret(vendor), now(vendor)))
            .as("bit %s of the body", i)
            .isNotEqualTo(Finding.GOOD);
      }
    }
    String good = proof(vendor);
    int from = Math.max(good.lastIndexOf(prefix(vendor)), 0) + prefix(vendor).length();
    int to = vendor.name().equals("stripe") ? good.indexOf(",v0=") : good.length();
    for (int i = from; i < to; i++) {
      String bad = good.substring(0, i) + (char) (good.charAt(i) ^ 1) + good.substring(i + 1);
      Headers headers = headers(vendor).with(proofHeader(vendor), bad);
      assertThat(
              check(
                  vendor,
                  new Arrival("POST", url(vendor), headers, body),
                  secret(vendor),
                  now(vendor)))
          .as("character %s of the proof", i)
          .isNotEqualTo(Finding.GOOD);
    }
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void another_secret_is_refused(Vendor vendor) {
    String other = vendor.name().equals("svix") ? "whsec_AAAA" + secret(vendor).substring(10) : "x";

    assertThat(check(vendor, arrival(vendor), other, now(vendor))).isEqualTo(Finding.WRONG);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void without_its_proof_it_is_refused(Vendor vendor) {
    List<Headers.Line> lines = new ArrayList<>(headers(vendor).lines());
    lines.removeIf(line -> line.name().equals(proofHeader(vendor)));
    Arrival bare = new Arrival("POST", url(vendor), new Headers(lines), arrival(vendor).body());
    Arrival empty =
        new Arrival(
            "POST",
            url(vendor),
            headers(vendor).with(proofHeader(vendor), ""),
            arrival(vendor).body());

    assertThat(check(vendor, bare, secret(vendor), now(vendor))).isEqualTo(Finding.MISSING);
    assertThat(check(vendor, empty, secret(vendor), now(vendor))).isEqualTo(Finding.MISSING);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_stale_one_is_refused_either_way(Vendor vendor) {
    var timestamp = vendor.spec().timestamp();
    assumeTrue(timestamp != null, "the vendor says no time");
    Duration far = timestamp.window().plusSeconds(60);

    assertThat(check(vendor, arrival(vendor), secret(vendor), now(vendor).plus(far)))
        .isEqualTo(Finding.STALE);
    assertThat(check(vendor, arrival(vendor), secret(vendor), now(vendor).minus(far)))
        .isEqualTo(Finding.STALE);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void a_repeated_one_has_the_same_name_and_another_has_another(Vendor vendor) {
    String name = SignedText.delivery(vendor.spec(), arrival(vendor));
    Arrival other =
        new Arrival(
            "POST",
            url(vendor),
            Headers.NONE,
            "{\"id\":\"other\",\"event_id\":\"o\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(SignedText.delivery(vendor.spec(), arrival(vendor))).isEqualTo(name);
    assertThat(SignedText.delivery(vendor.spec(), other)).isNotEqualTo(name);
  }

  private static Finding check(Vendor vendor, Arrival arrival, String secret, Instant now) {
    return Proofs.check(vendor.spec(), arrival, secret, now);
  }

  static Arrival arrival(Vendor vendor) {
    return new Arrival(
        "POST",
        url(vendor),
        headers(vendor),
        vendor.said().path("body").asText().getBytes(StandardCharsets.UTF_8));
  }

  private static String url(Vendor vendor) {
    return vendor.said().path("url").asText("https://serai.example.com/webhook/e/i");
  }

  private static String secret(Vendor vendor) {
    return vendor.said().path("secret").asText();
  }

  private static Instant now(Vendor vendor) {
    return Instant.parse(vendor.said().path("now").asText("2026-01-01T00:00:00Z"));
  }

  private static Headers headers(Vendor vendor) {
    List<Headers.Line> lines = new ArrayList<>();
    vendor
        .said()
        .path("headers")
        .properties()
        .forEach(e -> lines.add(new Headers.Line(e.getKey(), e.getValue().asText())));
    return new Headers(lines);
  }

  private static String proofHeader(Vendor vendor) {
    String wanted =
        switch (vendor.spec().proof()) {
          case Proof.Hmac hmac -> hmac.header();
          case Proof.Basic basic -> "Authorization";
          case Proof.Token token -> "X-Gitlab-Token";
          case Proof.None none -> "";
        };
    return headers(vendor).lines().stream()
        .map(Headers.Line::name)
        .filter(wanted::equalsIgnoreCase)
        .findFirst()
        .orElseThrow();
  }

  private static String proof(Vendor vendor) {
    return headers(vendor).first(proofHeader(vendor)).orElseThrow();
  }

  private static String prefix(Vendor vendor) {
    return vendor.spec().proof() instanceof Proof.Hmac hmac ? hmac.prefix() : "";
  }
}
