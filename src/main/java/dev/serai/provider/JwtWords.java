package dev.serai.provider;

import dev.serai.provider.WebhookSpec.Encoding;
import dev.serai.provider.WebhookSpec.Method;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a {@code webhooks.signature} of {@code type: jwt}. */
final class JwtWords {
  private static final Pattern ALGORITHM = Pattern.compile("(HS|RS|PS|ES)(256|384|512)");
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "[::1]");

  private JwtWords() {}

  static Proof.Jwt read(Words words, Place place, Secret secret) {
    String algorithm = words.text("algorithm", "RS256");
    if (!ALGORITHM.matcher(algorithm).matches()) {
      words.problem(
          "algorithm",
          "tokens are not signed by " + algorithm,
          "write RS256, ES256, PS256 or HS256, or one of them with 384 or 512");
    }
    URI keySet = words.read("jwks", JwtWords::keySet, "write the https address of the key set");
    keys(words, algorithm, keySet);
    return new Proof.Jwt(
        place,
        words.text("prefix", ""),
        algorithm,
        keySet,
        secret,
        words.text("issuer", ""),
        words.text("audience", ""),
        words.text("body_claim", ""),
        Encoding.valueOf(WebhookWords.upper(words.text("encoding", "hex"))));
  }

  private static void keys(Words words, String algorithm, @Nullable URI keySet) {
    boolean shared = algorithm.startsWith("HS");
    if (keySet != null) {
      if (shared || words.node().has("public_key") || words.node().has("secret")) {
        words.problem(
            "jwks", "a key set is the only key there is", "remove secret, public_key or HS…");
      }
      if (words.text("audience", "").isEmpty()) {
        // The same keys sign for all the provider's customers.
        words.problem(
            "audience",
            "a token that the provider made for somebody else would be believed",
            "write audience: url, or what the provider writes there for you");
      }
    } else if (words.node().has("public_key")) {
      if (shared) {
        words.problem("public_key", algorithm + " has no public key", "remove it");
      }
      Object unused =
          words.read(
              "public_key",
              text -> PublicKeys.parse(method(algorithm), text),
              "copy the provider's key as a whole, in PEM");
    }
  }

  /** Whose kind of key an algorithm has. */
  static Method method(String algorithm) {
    return algorithm.startsWith("ES") ? Method.ECDSA : Method.RSA;
  }

  private static URI keySet(String text) {
    URI uri = URI.create(text);
    boolean safe =
        "https".equals(uri.getScheme())
            || "http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost()));
    if (!safe || uri.getHost() == null) {
      throw new IllegalArgumentException("'" + text + "' is no https address");
    }
    return uri;
  }
}
