package dev.serai.connection.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.scribejava.core.model.OAuthRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The example values of RFC 5849. */
class OAuth1SignatureTest {
  private static final OAuth1Signature PRINTER =
      new OAuth1Signature("dpf43f3p2l4k3l03", "kd94hf93k423kf44", "", "", "HMAC-SHA1", "Photos");

  @Test
  void the_temporary_credentials_request_of_section_1_2_is_signed_as_printed() {
    String header =
        PRINTER.header(
            "POST",
            URI.create("https://photos.example.net/initiate"),
            Map.of(),
            Map.of("oauth_callback", "http://printer.example.com/ready"),
            137131200L,
            "wIjqoS");

    assertThat(fields(header))
        .containsEntry("realm", "Photos")
        .containsEntry("oauth_callback", "http://printer.example.com/ready")
        .containsEntry("oauth_signature", "74KNZJeDHnMBp0EMJ9ZHt/XKycU=");
  }

  @Test
  void the_token_request_of_section_1_2_is_signed_as_printed() {
    String header =
        with("hh5s93j4hdidpola", "hdhd0244k9j7ao03", "HMAC-SHA1")
            .header(
                "POST",
                URI.create("https://photos.example.net/token"),
                Map.of(),
                Map.of("oauth_verifier", "hfdp7dh39dks9884"),
                137131201L,
                "walatlh");

    assertThat(fields(header)).containsEntry("oauth_signature", "gKgrFCywp7rO0OXSjdot/IHF7IU=");
  }

  @Test
  void the_request_for_the_photo_of_section_1_2_is_signed_as_printed() {
    String header =
        with("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00", "HMAC-SHA1")
            .header(
                "GET",
                URI.create("http://photos.example.net/photos?file=vacation.jpg&size=original"),
                Map.of(),
                Map.of(),
                137131202L,
                "chapoH");

    assertThat(fields(header)).containsEntry("oauth_signature", "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
  }

  @Test
  void the_base_string_of_section_3_4_1_1_comes_out_letter_by_letter() {
    OAuthRequest request =
        OAuth1Signature.request(
            "POST",
            URI.create("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
            form("c2", "", "a3", "2 q"));
    request.addOAuthParameter("oauth_consumer_key", "9djdj82h48djs9d2");
    request.addOAuthParameter("oauth_token", "kkk9d7dh3k39sjv7");
    request.addOAuthParameter("oauth_signature_method", "HMAC-SHA1");
    request.addOAuthParameter("oauth_timestamp", "137131201");
    request.addOAuthParameter("oauth_nonce", "7d8f3e4a");

    assertThat(new EncodedOrder().extract(request))
        .isEqualTo(
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
                + "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
                + "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
                + "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
                + "9d7dh3k39sjv7");
  }

  /** Erratum 2550 replaces the invented signature of section 3.1 by this one. */
  @Test
  void the_request_of_section_3_1_is_signed_as_the_erratum_says() {
    String header =
        new OAuth1Signature(
                "9djdj82h48djs9d2",
                "j49sk3j29djd",
                "kkk9d7dh3k39sjv7",
                "dh893hdasih9",
                "HMAC-SHA1",
                "Example")
            .header(
                "POST",
                URI.create("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
                form("c2", "", "a3", "2 q"),
                Map.of(),
                137131201L,
                "7d8f3e4a");

    assertThat(fields(header)).containsEntry("oauth_signature", "r6/TJjbCOr97/+UU0NsvSne7s5g=");
  }

  @Test
  void sha256_signs_the_same_base_string() throws Exception {
    String header =
        with("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00", "HMAC-SHA256")
            .header(
                "GET",
                URI.create("http://photos.example.net/photos?file=vacation.jpg&size=original"),
                Map.of(),
                Map.of(),
                137131202L,
                "chapoH");

    String base =
        "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3D"
            + "dpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26oauth_signature_method%3DHMAC-SHA256%26"
            + "oauth_timestamp%3D137131202%26oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("kd94hf93k423kf44&pfkkdhi9sl3r4s00".getBytes(), "HmacSHA256"));
    assertThat(fields(header))
        .containsEntry(
            "oauth_signature", Base64.getEncoder().encodeToString(mac.doFinal(base.getBytes())));
  }

  private static OAuth1Signature with(String token, String secret, String method) {
    return new OAuth1Signature(
        "dpf43f3p2l4k3l03", "kd94hf93k423kf44", token, secret, method, "Photos");
  }

  private static Map<String, String> form(String... pairs) {
    Map<String, String> form = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      form.put(pairs[i], pairs[i + 1]);
    }
    return form;
  }

  private static Map<String, String> fields(String header) {
    assertThat(header).startsWith("OAuth ");
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = Pattern.compile("(\\w+)=\"([^\"]*)\"").matcher(header);
    while (field.find()) {
      fields.put(field.group(1), URLDecoder.decode(field.group(2), StandardCharsets.UTF_8));
    }
    return fields;
  }
}
