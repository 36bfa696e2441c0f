package dev.serai.provider;

import dev.serai.http.OutgoingUri;
import dev.serai.provider.Provider.ConfigField;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what all modes have in common whose tokens come from a provider and end. */
final class TokenWords {
  private static final Template EMPTY = Template.parse("", Set.of());

  private final Words words;
  private final Names names;

  TokenWords(Words words, Names names) {
    this.words = words;
    this.names = names;
  }

  /** An address; what customers keep secret may not stand in it. */
  Template url(String key, Set<String> known) {
    return url(words, key, names, known);
  }

  static Template url(Words words, String key, Names names, Set<String> known) {
    Set<String> withSecrets = new LinkedHashSet<>(known);
    withSecrets.addAll(names.secret());
    Template template = words.template(key, withSecrets);
    if (template == null) {
      return EMPTY;
    }
    if (template.uses(names.secret())) {
      words.problem(
          key,
          "a secret field may not stand in an address, which ends up in logs",
          "use it in headers, parameters or a body, or remove its `secret: true`");
    } else if (!template.text().startsWith("${")) {
      try {
        var unused = OutgoingUri.parse(template.fill(name -> "x"));
      } catch (IllegalArgumentException e) {
        words.problem(key, String.valueOf(e.getMessage()), "write it like https://api.example.com");
      }
    }
    return template;
  }

  Tokens.Endpoint endpoint(Set<String> known) {
    return new Tokens.Endpoint(
        url("token_url", known),
        Tokens.ClientAuth.valueOf(words.text("client_auth", "body").toUpperCase(Locale.ROOT)),
        words.text("token_body", "form").equals("json"),
        ProviderReader.templates(words.child("token_headers"), known));
  }

  Tokens.Answer answer(String token) {
    Words answer = ProviderReader.orEmpty(words.child("answer"));
    Map<String, Jslt> config = new LinkedHashMap<>();
    Words told = answer.child("config");
    if (told != null) {
      for (String field : told.children().keySet()) {
        checkField(told, field);
        Jslt path = told.jslt(field);
        config.put(field, path == null ? Jslt.compile("null") : path);
      }
    }
    return new Tokens.Answer(
        path(answer, "token", token),
        path(answer, "refresh_token", ".refresh_token"),
        path(answer, "expires_in", ".expires_in"),
        token.equals(".token") && !answer.node().has("expires_at")
            ? Jslt.compile(".expires_at")
            : answer.jslt("expires_at"),
        path(answer, "refresh_token_expires_in", ".refresh_token_expires_in"),
        path(answer, "error", ".error"),
        path(answer, "error_text", ".error_description"),
        words.jslt("account"),
        config);
  }

  private static Jslt path(Words answer, String key, String usual) {
    Jslt declared = answer.jslt(key);
    return declared == null ? Jslt.compile(usual) : declared;
  }

  /** What an answer tells must have been declared: nobody else knows its pattern. */
  void checkField(Words declared, String field) {
    ConfigField known = names.config().get(field);
    if (known == null || (known.required() && known.defaultValue() == null)) {
      declared.problem(
          field,
          known == null
              ? "'" + field + "' is no field of connection_config"
              : "'" + field + "' is required of the customer, but the provider tells it",
          "declare it there, with required: false");
    }
  }

  Tokens.Place place() {
    Words send = words.child("send");
    if (send == null) {
      return Tokens.Place.BEARER;
    }
    String name = send.text("name", "Authorization");
    boolean query = send.text("in", "header").equals("query");
    boolean bearer = !query && name.equalsIgnoreCase("Authorization");
    return new Tokens.Place(query, name, send.text("prefix", bearer ? "Bearer " : ""));
  }

  Tokens.Renewing renewing() {
    Words refresh = words.child("refresh");
    if (refresh == null) {
      return Tokens.Renewing.USUAL;
    }
    Provider.Renewing usual = Provider.Renewing.USUAL;
    return new Tokens.Renewing(
        new Provider.Renewing(
            refresh.duration("margin", usual.margin()),
            refresh.duration("grace", usual.grace()),
            optional(refresh, "lifetime"),
            optional(refresh, "idle")),
        refresh.flag("rotates", true),
        Set.copyOf(refresh.texts("revoked_codes")),
        Set.copyOf(refresh.texts("expired_codes")),
        Set.copyOf(refresh.texts("misconfigured_codes")));
  }

  private static @Nullable Duration optional(Words words, String key) {
    return words.node().has(key) ? words.duration(key, Duration.ZERO) : null;
  }
}
