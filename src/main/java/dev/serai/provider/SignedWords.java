package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.time.Duration;
import java.util.Set;

/** Reads how a token is signed. */
final class SignedWords {
  private SignedWords() {}

  static Tokens.Signed read(Words words, Set<String> known) {
    String algorithm = words.text("algorithm", "");
    boolean shared = algorithm.startsWith("HS");
    String encoding = words.text("key_encoding", shared ? "text" : "pem");
    if (shared == encoding.equals("pem")) {
      words.problem(
          words.node().has("key_encoding") ? "key_encoding" : "algorithm",
          algorithm + " does not sign with a key written as " + encoding,
          shared ? "write text, hex or base64" : "write pem, or leave it out");
    }
    Template key = words.template("key", known);
    return new Tokens.Signed(
        algorithm,
        key == null ? Template.parse("", known) : key,
        encoding,
        words.template("key_id", known),
        json(words, "header", known),
        json(words, "claims", known),
        words.duration("lifetime", Duration.ofMinutes(10)));
  }

  /** A JSON object whose texts are templates; an empty one when absent or wrong. */
  static JsonNode json(Words words, String key, Set<String> known) {
    if (!words.node().has(key)) {
      return Json.object();
    }
    try {
      JsonTemplate.check(words.node().get(key), known);
      return words.node().get(key);
    } catch (IllegalArgumentException e) {
      words.problem(
          key,
          String.valueOf(e.getMessage()),
          "declare the field under fields or connection_config, or correct its name");
      return Json.object();
    }
  }
}
