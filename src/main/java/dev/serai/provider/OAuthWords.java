package dev.serai.provider;

import dev.serai.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the modes in which the customer consents at the provider. */
final class OAuthWords {
  private final Words words;
  private final Names names;
  private final TokenWords tokens;

  OAuthWords(Words words, Names names) {
    this.words = words;
    this.names = names;
    this.tokens = new TokenWords(words, names);
  }

  Auth code() {
    if (words.text("client_auth", "body").equals("private_key_jwt")) {
      words.problem(
          "client_auth", "the integration's app has no key of this kind", "write body or basic");
    }
    Set<String> known = names.withApp();
    return new Auth.OAuth2Code(
        tokens.url("authorize_url", known),
        tokens.endpoint(known),
        words.node().has("refresh_url") ? tokens.url("refresh_url", known) : null,
        words.text("pkce", "S256").equals("S256"),
        words.texts("scopes"),
        words.text("scope_separator", " "),
        ProviderReader.templates(words.child("authorize_params"), known),
        ProviderReader.templates(words.child("token_params"), known),
        ProviderReader.templates(words.child("refresh_params"), known),
        words.text("code_param", "code"),
        callback(),
        tokens.answer(".access_token"),
        tokens.place(),
        tokens.renewing());
  }

  Auth oauth1() {
    Set<String> known = names.withApp();
    return new Auth.OAuth1(
        tokens.url("request_url", known),
        tokens.url("authorize_url", known),
        tokens.url("token_url", known),
        words.text("signature", "HMAC-SHA1"),
        ProviderReader.templates(words.child("request_params"), known),
        ProviderReader.templates(words.child("authorize_params"), known),
        callback(),
        tokens.answer(".oauth_token"),
        words.template("realm", known));
  }

  Auth installation() {
    Set<String> known = names.withApp();
    Set<String> installed = new LinkedHashSet<>(known);
    installed.add("credentials.installation_id");
    return new Auth.AppInstall(
        words.node().has("install_url")
            ? tokens.url("install_url", known)
            : Template.parse("${app.app_link}/installations/new", known),
        ownership(known, installed),
        new Tokens.Endpoint(
            tokens.url("token_url", installed),
            Tokens.ClientAuth.PRIVATE_KEY_JWT,
            true,
            ProviderReader.templates(words.child("token_headers"), installed)),
        ProviderReader.templates(words.child("token_params"), installed),
        new Tokens.Signed(
            words.text("algorithm", "RS256"),
            Template.parse("${app.private_key}", known),
            "pem",
            null,
            Json.object(),
            words.node().has("claims")
                ? SignedWords.json(words, "claims", known)
                : Json.object().put("iss", "${app.app_id}"),
            words.duration("lifetime", Duration.ofMinutes(9))),
        callback(),
        tokens.answer(".token"),
        tokens.place(),
        tokens.renewing());
  }

  private Tokens.@Nullable Ownership ownership(Set<String> known, Set<String> installed) {
    Words prove = words.child("prove");
    if (prove == null) {
      return null;
    }
    Template list = TokenWords.url(prove, "list_url", names, installed);
    Jslt ids = prove.jslt("ids");
    if (ids == null && !list.uses(Set.of("credentials.installation_id"))) {
      prove.problem(
          "list_url",
          "an answer proves nothing of one installation unless it is asked for by its ID",
          "write ${credentials.installation_id} in it, or ids beside it");
    }
    return new Tokens.Ownership(
        new Tokens.Endpoint(
            TokenWords.url(prove, "token_url", names, known),
            Tokens.ClientAuth.BODY,
            false,
            Map.of()),
        list,
        ids);
  }

  /** Fields of the configuration by their name in the callback. */
  private Map<String, String> callback() {
    Map<String, String> fields = new LinkedHashMap<>();
    Words declared = words.child("callback");
    if (declared != null) {
      declared
          .children()
          .forEach((field, name) -> {
            tokens.checkField(declared, field);
            fields.put(field, name.node().asText());
          });
    }
    return fields;
  }
}
