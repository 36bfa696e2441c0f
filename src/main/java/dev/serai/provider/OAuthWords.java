package dev.serai.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

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
