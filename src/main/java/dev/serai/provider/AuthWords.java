package dev.serai.provider;

import dev.serai.provider.Provider.ConfigField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the auth words of provider.yaml. */
final class AuthWords {
  private final Words words;
  private final Names names;

  /**
   * @param config the provider's fields of configuration
   */
  AuthWords(Words words, Map<String, ConfigField> config) {
    this.words = words;
    this.names = new Names(config);
  }

  Auth read() {
    return switch (words.text("type", "none")) {
      case "api_key" -> apiKey();
      case "basic" -> basic();
      case "oauth2_code" -> new OAuthWords(words, names).code();
      case "oauth1" -> new OAuthWords(words, names).oauth1();
      case "app_install" -> new OAuthWords(words, names).installation();
      case "oauth2_client" -> new EnteredWords(words, names).client();
      case "jwt" -> new EnteredWords(words, names).jwt();
      case "two_step" -> new EnteredWords(words, names).twoStep();
      case "tba" -> new EnteredWords(words, names).tba();
      case "signature" -> new EnteredWords(words, names).wsse();
      case "aws_sigv4" -> new EnteredWords(words, names).aws();
      default -> new Auth.None();
    };
  }

  private Auth apiKey() {
    return new Auth.ApiKey(
        words.text("in", "header").equals("query"),
        words.text("name", ""),
        words.text("prefix", ""),
        Entries.of(words, "apiKey"));
  }

  private Auth basic() {
    boolean key = words.text("credentials", "basic").equals("api_key");
    Map<String, ConfigField> fields =
        key ? Entries.of(words, "apiKey") : Entries.of(words, "username", "password");
    Set<String> known = names.withCredentials(fields.keySet());
    return new Auth.Basic(
        key ? "API_KEY" : "BASIC",
        words.template("username", known),
        words.template("password", known),
        fields);
  }

  /** The further ways that are declared beside the usual one. */
  static List<Auth> alternatives(@Nullable Words all, Map<String, ConfigField> config) {
    List<Auth> ways = new ArrayList<>();
    for (Words way : all == null ? List.<Words>of() : all.items()) {
      ways.add(new AuthWords(way, config).read());
    }
    return List.copyOf(ways);
  }

  /** Two ways with the same credentials could not be told apart. */
  static void distinct(Words provider, Auth usual, List<Auth> alternatives) {
    boolean consent = usual.consents();
    Map<String, Integer> seen = new LinkedHashMap<>(Map.of(usual.credentials(), -1));
    for (int i = 0; i < alternatives.size(); i++) {
      String type = alternatives.get(i).credentials();
      if (seen.putIfAbsent(type, i) != null) {
        provider.problem(
            "alternative_auth/" + i,
            "credentials of type " + type + " are taken by another way already",
            "remove one of the two");
      } else if (consent && alternatives.get(i).consents()) {
        provider.problem(
            "alternative_auth/" + i,
            "a popup leads to one page of consent, and another way has one already",
            "make it a provider of its own, in a folder of its own");
      }
      consent |= alternatives.get(i).consents();
    }
  }
}
