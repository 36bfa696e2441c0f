package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.inbox.Proofs.Finding;
import dev.serai.provider.VendorWebhooks;
import dev.serai.provider.VendorWebhooks.Vendor;
import dev.serai.provider.WebhookSpec.Proof;
import java.nio.charset.StandardCharsets;
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
  private static final Proofs PROOFS = new Proofs(new SignedTokens(InboxWorld.NO_KEYS));

  static List<Vendor> vendors() {
    return VendorWebhooks.all();
  }

  @Test
  void every_vendor_that_is_promised_is_here() {
    Set<String> names = vendors().stream().map(Vendor::name).collect(Collectors.toSet());

    assertThat(names)
        .contains(
            "github",
            "gitlab",
            "slack",
            "stripe",
            "hubspot",
            "hubspot-v1",
            "hubspot-v2",
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
    assertThat(check(vendor, good(vendor), now(vendor))).isEqualTo(Finding.GOOD);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void forged_stale_and_unsigned_ones_are_refused_each_for_its_reason(Vendor vendor) {
    assertThat(vendor.said().path("refused")).hasSizeGreaterThanOrEqualTo(2);
    for (JsonNode one : vendor.said().path("refused")) {
      Instant now = one.has("now") ? Instant.parse(one.path("now").asText()) : now(vendor);

      assertThat(check(vendor, arrival(vendor, one), now))
          .as(one.path("why").asText())
          .isEqualTo(Finding.valueOf(one.path("finding").asText()));
    }
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void one_that_the_vendor_repeats_is_believed_and_known_again(Vendor vendor) {
    JsonNode repeated = vendor.said().path("repeated");
    assumeTrue(repeated.isObject(), "equal deliveries are different events there");
    Arrival again = arrival(vendor, repeated);
    Instant now = repeated.has("now") ? Instant.parse(repeated.path("now").asText()) : now(vendor);
    Arrival other =
        new Arrival(
            "POST",
            url(vendor),
            Headers.NONE,
            "{\"id\":\"other\",\"event_id\":\"o\"}".getBytes(StandardCharsets.UTF_8));
    String name =
        SignedText.delivery(vendor.spec(), arrival(vendor, repeated.path("first")), List.of());

    assertThat(check(vendor, again, now)).isEqualTo(Finding.GOOD);
    assertThat(SignedText.delivery(vendor.spec(), again, List.of())).isEqualTo(name);
    assertThat(SignedText.delivery(vendor.spec(), other, List.of())).isNotEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void the_window_ends_to_the_second(Vendor vendor) {
    var timestamp = vendor.spec().timestamp();
    assumeTrue(timestamp != null, "the vendor says no time");
    Instant sent = Instant.parse(vendor.said().path("sentAt").asText());
    Instant last = sent.plus(timestamp.window());
    Instant first = sent.minus(timestamp.window());

    assertThat(check(vendor, good(vendor), last)).isEqualTo(Finding.GOOD);
    assertThat(check(vendor, good(vendor), first)).isEqualTo(Finding.GOOD);
    assertThat(check(vendor, good(vendor), last.plusMillis(1))).isEqualTo(Finding.STALE);
    assertThat(check(vendor, good(vendor), first.minusMillis(1))).isEqualTo(Finding.STALE);
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void every_single_flipped_bit_of_body_and_proof_is_refused(Vendor vendor) {
    byte[] body = good(vendor).body();
    if (vendor.spec().proof() instanceof Proof.Signature) {
      for (int i = 0; i < body.length * 8; i++) {
        byte[] flipped = body.clone();
        flipped[i / 8] ^= (byte) (1 << (i % 8));
        Arrival forged = new Arrival("POST", url(vendor), good(vendor).headers(), flipped);
        assertThat(check(vendor, forged, now(vendor)))
            .as("bit %s of the body", i)
            .isNotEqualTo(Finding.GOOD);
      }
    }
    String good = good(vendor).headers().first(proofHeader(vendor)).orElseThrow();
    int from = Math.max(good.lastIndexOf(prefix(vendor)), 0) + prefix(vendor).length();
    int to = vendor.name().equals("stripe") ? good.indexOf(",v0=") : good.length();
    for (int i = from; i < to; i++) {
      String bad = good.substring(0, i) + (char) (good.charAt(i) ^ 1) + good.substring(i + 1);
      Headers headers = good(vendor).headers().with(proofHeader(vendor), bad);
      assertThat(check(vendor, new Arrival("POST", url(vendor), headers, body), now(vendor)))
          .as("character %s of the proof", i)
          .isNotEqualTo(Finding.GOOD);
    }
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void an_empty_proof_proves_nothing(Vendor vendor) {
    Headers empty = good(vendor).headers().with(proofHeader(vendor), "");
    Arrival bare = new Arrival("POST", url(vendor), empty, good(vendor).body());

    assertThat(check(vendor, bare, now(vendor))).isEqualTo(Finding.MISSING);
  }

  private static Finding check(Vendor vendor, Arrival arrival, Instant now) {
    return PROOFS.check(vendor.spec(), arrival, vendor.said().path("secret").asText(), now);
  }

  private static Arrival good(Vendor vendor) {
    return arrival(vendor, Json.object());
  }

  /** The good delivery, but for what is given. */
  private static Arrival arrival(Vendor vendor, JsonNode changed) {
    JsonNode delivery = vendor.said().path("delivery");
    List<Headers.Line> lines = new ArrayList<>();
    delivery
        .path("headers")
        .properties()
        .forEach(e -> lines.add(new Headers.Line(e.getKey(), e.getValue().asText())));
    lines.removeIf(line -> line.name().equals(changed.path("without").asText()));
    Headers headers = new Headers(lines);
    for (var header : changed.path("headers").properties()) {
      headers = headers.with(header.getKey(), header.getValue().asText());
    }
    String body = (changed.has("body") ? changed : delivery).path("body").asText();
    return new Arrival("POST", url(vendor), headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String url(Vendor vendor) {
    return vendor.said().at("/delivery/url").asText("https://serai.example.com/webhook/e/i");
  }

  private static Instant now(Vendor vendor) {
    return Instant.parse(vendor.said().path("now").asText("2026-01-01T00:00:00Z"));
  }

  private static String proofHeader(Vendor vendor) {
    return vendor.spec().proof() instanceof Proof.Basic
        ? "Authorization"
        : vendor.said().at("/webhooks/signature/header").asText();
  }

  private static String prefix(Vendor vendor) {
    return vendor.spec().proof() instanceof Proof.Signature signature ? signature.prefix() : "";
  }
}
