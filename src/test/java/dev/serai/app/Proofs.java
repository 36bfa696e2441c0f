package dev.serai.app;

import dev.serai.support.FakeProvider.Request;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A provider's side of the signatures, written after their documents and with nothing of ours in
 * it. Nonces count once.
 */
final class Proofs {
  private static final Pattern QUOTED = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private final Set<String> nonces = ConcurrentHashMap.newKeySet();
  private final String origin;

  /**
   * @param origin what requests are sent to
   */
  Proofs(String origin) {
    this.origin = origin;
  }

  /**
   * RFC 5849 §3.4.
   *
   * @param consumers secrets by consumer key, {@code tokens} secrets by token; "" is no token
   * @return the {@code oauth_} parameters; empty: the signature does not hold
   */
  Map<String, String> oauth1(
      Request request, Map<String, String> consumers, Map<String, String> tokens) {
    String header = request.headers().getOrDefault("authorization", "");
    Map<String, String> given = new LinkedHashMap<>();
    Matcher pairs = QUOTED.matcher(header);
    while (header.startsWith("OAuth ") && pairs.find()) {
      given.put(pairs.group(1), decoded(pairs.group(2)));
    }
    String consumer = consumers.get(given.getOrDefault("oauth_consumer_key", ""));
    String token = tokens.get(given.getOrDefault("oauth_token", ""));
    Map<String, String> all = new LinkedHashMap<>(given);
    all.remove("realm");
    String signature = all.remove("oauth_signature");
    if (consumer == null || token == null || !fresh(given.get("oauth_nonce"))) {
      return Map.of();
    }
    all.putAll(request.query());
    if (request.headers().getOrDefault("content-type", "").startsWith("application/x-www-form")) {
      all.putAll(form(request.body()));
    }
    String parameters =
        all.entrySet().stream()
            .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
            .sorted()
            .collect(Collectors.joining("&"));
    String base =
        request.method() + "&" + encoded(origin + request.path()) + "&" + encoded(parameters);
    String how = "HmacSHA" + given.getOrDefault("oauth_signature_method", "").substring(8);
    byte[] expected = hmac(how, bytes(encoded(consumer) + "&" + encoded(token)), base);
    return Base64.getEncoder().encodeToString(expected).equals(signature) ? given : Map.of();
  }

  /** The UsernameToken profile: digest of nonce, time and password. */
  boolean wsse(Request request, String username, String password) {
    Map<String, String> given = new LinkedHashMap<>();
    Matcher pairs = QUOTED.matcher(request.headers().getOrDefault("x-wsse", ""));
    while (pairs.find()) {
      given.put(pairs.group(1), pairs.group(2));
    }
    String nonce = given.get("Nonce");
    String created = given.getOrDefault("Created", "1970-01-01T00:00:00Z");
    String digest =
        Base64.getEncoder().encodeToString(digest("SHA-1", bytes(nonce + created + password)));
    return digest.equals(given.get("PasswordDigest"))
        && username.equals(given.get("Username"))
        && fresh(nonce)
        && Duration.between(Instant.parse(created), Instant.now()).abs().toMinutes() < 5
        && request
            .headers()
            .getOrDefault("authorization", "")
            .equals("WSSE profile=\"UsernameToken\"");
  }

  /** Signature Version 4, as AWS documents how a request is made canonical. */
  boolean aws(Request request, String keyId, String secret, String region, String service) {
    String header = request.headers().getOrDefault("authorization", "");
    Matcher parts =
        Pattern.compile(
                "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request,"
                    + " ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")
            .matcher(header);
    if (!parts.matches()
        || !Arrays.asList(keyId, region, service)
            .equals(Arrays.asList(parts.group(1), parts.group(3), parts.group(4)))) {
      return false;
    }
    String headers =
        Arrays.stream(parts.group(5).split(";"))
            .map(name -> name + ":" + request.headers().get(name).strip() + "\n")
            .collect(Collectors.joining());
    String query =
        request.query().entrySet().stream()
            .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
            .sorted()
            .collect(Collectors.joining("&"));
    String canonical =
        String.join(
            "\n",
            request.method(),
            request.path(),
            query,
            headers,
            parts.group(5),
            HexFormat.of().formatHex(digest("SHA-256", bytes(request.body()))));
    String scope = parts.group(2) + "/" + region + "/" + service + "/aws4_request";
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            request.headers().get("x-amz-date"),
            scope,
            HexFormat.of().formatHex(digest("SHA-256", bytes(canonical))));
    byte[] key = bytes("AWS4" + secret);
    for (String part : scope.split("/")) {
      key = hmac("HmacSHA256", key, part);
    }
    return HexFormat.of().formatHex(hmac("HmacSHA256", key, toSign)).equals(parts.group(6));
  }

  static Map<String, String> form(String text) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
      String[] sides = pair.split("=", 2);
      form.put(decoded(sides[0]), decoded(sides.length == 1 ? "" : sides[1]));
    }
    return form;
  }

  static byte[] digest(String how, byte[] text) {
    try {
      return MessageDigest.getInstance(how).digest(text);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean fresh(String nonce) {
    return nonce != null && nonces.add(nonce);
  }

  private static byte[] hmac(String how, byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(how);
      mac.init(new SecretKeySpec(key, how));
      return mac.doFinal(bytes(text));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** RFC 3986's, which Java's is not quite. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
