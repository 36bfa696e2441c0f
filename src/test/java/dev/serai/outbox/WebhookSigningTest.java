package dev.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class WebhookSigningTest {
  private static final String KEY = "11111111-2222-4333-8444-555555555555";
  private static final String BODY =
      "{\"authMode\":\"OAUTH2\",\"connectionId\":\"conn-1\",\"environment\":\"dev\",\"from\":\"nango\","
          + "\"operation\":\"creation\",\"provider\":\"github\",\"providerConfigKey\":\"github\","
          + "\"success\":true,\"tags\":{},\"type\":\"auth\"}";
  private static final Instant AT = Instant.ofEpochSecond(1_700_000_000);

  private static Map<String, String> signed(String key) {
    return WebhookSigning.headers(key, "msg_1", AT, BODY.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void both_signatures_of_the_contract_are_those_of_its_test_vector() {
    assertThat(signed(KEY))
        .containsEntry(
            "X-Nango-Signature", "8870a6da188d61df176a224b8bb2431aa7f9bb8a00c6466895795b96f1c68624")
        .containsEntry(
            "X-Nango-Hmac-Sha256",
            "aba4e9b0f361eb1c2b5f689131ca0722d0a8eab4ac234d8be1895a16ef3f2108");
  }

  @Test
  void the_standard_signature_covers_id_time_and_body() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] expected = mac.doFinal(("msg_1.1700000000." + BODY).getBytes(StandardCharsets.UTF_8));

    assertThat(signed(KEY))
        .containsEntry("webhook-id", "msg_1")
        .containsEntry("webhook-timestamp", "1700000000")
        .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(expected));
  }

  @Test
  void a_replaced_key_signs_beside_the_new_one_where_several_may_stand() {
    byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    Map<String, String> both =
        WebhookSigning.headers(new SigningKeys.Keys("new", "old"), "msg_1", AT, body);

    assertThat(both.get("webhook-signature").split(" "))
        .containsExactly(
            signed("new").get("webhook-signature"), signed("old").get("webhook-signature"));
    assertThat(both)
        .containsEntry("X-Nango-Hmac-Sha256", signed("new").get("X-Nango-Hmac-Sha256"))
        .containsEntry("X-Nango-Signature", signed("new").get("X-Nango-Signature"));
    assertThat(new SigningKeys.Keys("new", "old")).hasToString("Keys[hidden]");
  }

  @Test
  void a_library_key_with_its_prefix_means_the_bytes_behind_it() {
    String prefixed =
        "whsec_" + Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));

    assertThat(signed(prefixed).get("webhook-signature"))
        .isEqualTo(signed(KEY).get("webhook-signature"));
  }

  @Test
  void a_body_has_one_spelling_whatever_order_it_was_built_in() {
    var body =
        Json.parse(
            "{\"type\": \"auth\", \"b\": [ {\"z\": 1, \"a\": 1.50} ], \"a\": {\"y\": null, \"B\": \"é\"}}");

    assertThat(WebhookBody.of(body))
        .isEqualTo(
            "{\"a\":{\"B\":\"é\",\"y\":null},\"b\":[{\"a\":1.50,\"z\":1}],\"type\":\"auth\"}");
  }
}
