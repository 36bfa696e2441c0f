package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Provider.ConfigField;
import dev.serai.provider.WebhookSpec.Algorithm;
import dev.serai.provider.WebhookSpec.Encoding;
import dev.serai.provider.WebhookSpec.Method;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import dev.serai.provider.WebhookSpec.SecretSource;
import dev.serai.provider.WebhookSpec.SignedPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code webhooks.signature}, but for tokens, which {@link JwtWords} reads. */
final class SignatureWords {
  private static final String CONFIG = "connection_config.";

  private final Words words;
  private final Map<String, ConfigField> config;

  private SignatureWords(Words words, Map<String, ConfigField> config) {
    this.words = words;
    this.config = config;
  }

  static Proof read(Words signature, Map<String, ConfigField> config) {
    return new SignatureWords(signature, config).read();
  }

  private Proof read() {
    String type = words.text("type", "hmac");
    Place place = WebhookWords.place(words);
    Secret secret = secret();
    return switch (type) {
      case "basic" -> new Proof.Basic(secret);
      case "token" -> new Proof.Token(placed(place), words.text("prefix", ""), secret);
      case "jwt" -> JwtWords.read(words, placed(place), secret);
      default -> signature(Method.valueOf(WebhookWords.upper(type)), secret);
    };
  }

  private Place placed(@Nullable Place place) {
    if (place == null) {
      words.problem("", "a token needs its place", "add header, query or path");
    }
    return place == null ? new Place.Header("") : place;
  }

  private Proof signature(Method method, Secret secret) {
    if (!words.node().has("header")) {
      words.problem("", "a signature needs its header", "add header, e.g. header: X-Signature");
    }
    if (method.publicKey()) {
      checkKey(method);
    }
    return new Proof.Signature(
        method,
        algorithm(method),
        words.text("header", ""),
        Encoding.valueOf(WebhookWords.upper(words.text("encoding", "hex"))),
        words.text("prefix", ""),
        words.text("separator", ""),
        signed(method),
        secret);
  }

  private void checkKey(Method method) {
    Object unused =
        words.read(
            "public_key",
            text -> PublicKeys.parse(method, text),
            "copy the provider's key as a whole, in PEM; without it the webhook secret is the key");
  }

  private Algorithm algorithm(Method method) {
    String name = words.text("algorithm", "sha256");
    boolean known = List.of("sha1", "sha256", "sha512").contains(name);
    if (!known || method.publicKey() && name.equals("sha1")) {
      words.problem(
          "algorithm",
          name + " is not for a signature by " + words.text("type", "hmac"),
          "write sha256 or sha512; RS256 and its like are for type: jwt");
    }
    return known ? Algorithm.valueOf(WebhookWords.upper(name)) : Algorithm.SHA256;
  }

  private List<SignedPart> signed(Method method) {
    boolean digest = method == Method.DIGEST;
    JsonNode declared = words.node().path("signed");
    if (declared.isMissingNode()) {
      return digest
          ? List.of(new SignedPart.SharedSecret(), new SignedPart.Body())
          : List.of(new SignedPart.Body());
    }
    List<SignedPart> all = new ArrayList<>();
    for (JsonNode part : declared) {
      all.add(
          part.isObject()
              ? new SignedPart.Header(part.path("header").asText())
              : part(part.asText(), digest));
    }
    if (digest && all.stream().noneMatch(SignedPart.SharedSecret.class::isInstance)) {
      words.problem("signed", "anybody can make this digest", "put `secret` among the parts");
    }
    return List.copyOf(all);
  }

  private static SignedPart part(String text, boolean digest) {
    return switch (text) {
      case "body" -> new SignedPart.Body();
      case "timestamp" -> new SignedPart.Timestamp();
      case "method" -> new SignedPart.Method();
      case "url" -> new SignedPart.Url();
      default ->
          digest && text.equals("secret")
              ? new SignedPart.SharedSecret()
              : new SignedPart.Text(text);
    };
  }

  private Secret secret() {
    List<SecretSource> sources = new ArrayList<>();
    if (words.node().has("public_key")) {
      published(sources);
    } else {
      JsonNode declared = words.node().path("secret");
      if (declared.isArray()) {
        declared.forEach(one -> sources.add(source(one.asText())));
      } else {
        sources.add(source(declared.asText("webhook_secret")));
      }
    }
    return new Secret(
        List.copyOf(sources),
        words.text("secret_prefix", ""),
        Encoding.valueOf(WebhookWords.upper(words.text("secret_encoding", "text"))));
  }

  private void published(List<SecretSource> sources) {
    sources.add(new SecretSource.Published(words.text("public_key", "")));
    String type = words.text("type", "hmac");
    if (!List.of("rsa", "ecdsa", "ed25519", "jwt").contains(type)) {
      words.problem(
          "public_key",
          "a signature by " + type + " has no public key",
          "remove it: a shared secret is never written into a folder");
    } else if (words.node().has("secret")) {
      words.problem("secret", "there is a public_key already", "remove one of the two");
    }
  }

  private SecretSource source(String text) {
    if (text.startsWith(CONFIG)) {
      String field = text.substring(CONFIG.length());
      sealed(field);
      return new SecretSource.Config(field);
    }
    if (text.startsWith("metadata.")) {
      words.problem(
          "secret",
          "metadata is no secret: it is stored plainly and the API shows it",
          "declare a connection_config field with `secret: true` and write connection_config.<field>");
    }
    return switch (text) {
      case "client_secret" -> new SecretSource.Client();
      case "handshake" -> new SecretSource.Address();
      default -> new SecretSource.Webhook();
    };
  }

  /** Only what is declared secret is sealed, and shown by no API. */
  private void sealed(String field) {
    ConfigField declared = config.get(field);
    if (declared == null || !declared.secret()) {
      words.problem(
          "secret",
          declared == null
              ? "connection_config has no field " + field
              : "the field " + field + " is not secret: it would be stored plainly",
          "declare connection_config." + field + " with `secret: true`");
    }
  }
}
