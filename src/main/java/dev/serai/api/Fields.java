package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object field by field and remembers everything that is wrong with it. What a getter
 * returns may only be used after {@link #check()}, which refuses the request if there was anything:
 * a wrong field reads as an empty value until then. A key that nobody asked for is wrong too.
 */
final class Fields {
  private final String where;
  private final ObjectNode object;
  private final List<Object> path;
  private final List<Issue> issues;
  private final Set<String> known = new HashSet<>();

  private Fields(String where, JsonNode value, List<Object> path, List<Issue> issues) {
    this.where = where;
    this.path = path;
    this.issues = issues;
    if (value instanceof ObjectNode fields) {
      this.object = fields;
    } else {
      this.object = Json.object();
      issues.add(type("object", value, path));
    }
  }

  static Fields body(JsonNode body) {
    return new Fields("invalid_body", body, List.of(), new ArrayList<>());
  }

  static Fields query(ApiRequest request) {
    return new Fields("invalid_query_params", request.query(), List.of(), new ArrayList<>());
  }

  static Fields path(ApiRequest request) {
    ObjectNode parameters = Json.object();
    request.pathParameters().forEach(parameters::put);
    return new Fields("invalid_uri_params", parameters, List.of(), new ArrayList<>());
  }

  /** The named headers only: whatever else a client sends is its own business. */
  static Fields headers(ApiRequest request, String... names) {
    ObjectNode headers = Json.object();
    for (String name : names) {
      request.header(name).ifPresent(value -> headers.put(name.toLowerCase(Locale.ROOT), value));
    }
    return new Fields("invalid_headers", headers, List.of(), new ArrayList<>());
  }

  /** A request that takes no query parameters at all. */
  static void noQuery(ApiRequest request) {
    query(request).check();
  }

  String text(String key, TextRule rule) {
    return optionalText(key, rule).orElseGet(() -> missing(key, "string", ""));
  }

  Optional<String> optionalText(String key, TextRule rule) {
    return field(key)
        .filter(value -> !value.isNull() || wrong(key, type("string", value, at(key))))
        .flatMap(value -> textOf(value, rule, at(key)));
  }

  /** A text that may also be {@code null} on purpose; empty if the key is absent. */
  Optional<Optional<String>> nullableText(String key, TextRule rule) {
    return field(key)
        .map(value -> value.isNull() ? Optional.empty() : textOf(value, rule, at(key)));
  }

  /** An object with any keys. */
  Optional<ObjectNode> object(String key) {
    return field(key)
        .flatMap(value -> {
          if (!(value instanceof ObjectNode fields)) {
            wrong(key, type("object", value, at(key)));
            return Optional.empty();
          }
          if (!Storable.is(fields)) {
            report("custom", "Invalid value: holds what cannot be stored", key);
          }
          return Optional.of(fields);
        });
  }

  /** A nested object with fields of its own; its unknown keys count too. */
  Optional<Fields> nested(String key) {
    return object(key).map(value -> new Fields(where, value, at(key), issues));
  }

  /** The elements of a list; a single value counts as a list of one, as in a query. */
  Optional<List<JsonNode>> list(String key, int max) {
    return field(key)
        .map(value -> {
          List<JsonNode> elements = new ArrayList<>();
          if (value.isArray()) {
            value.forEach(elements::add);
          } else {
            elements.add(value);
          }
          if (elements.size() > max) {
            String message = "Too big: expected array to have <=" + max + " items";
            issues.add(new Issue("too_big", message, at(key)));
          }
          return elements;
        });
  }

  Optional<List<String>> texts(String key, int max, TextRule rule) {
    return list(key, max)
        .map(elements -> {
          List<String> texts = new ArrayList<>();
          for (int i = 0; i < elements.size(); i++) {
            textOf(elements.get(i), rule, join(at(key), i)).ifPresent(texts::add);
          }
          return texts;
        });
  }

  /** A whole number, written as a number or (in a query) as text. */
  Optional<Integer> number(String key, int min, int max) {
    return field(key).flatMap(value -> numberOf(value, min, max, at(key)));
  }

  private Optional<Integer> numberOf(JsonNode value, int min, int max, List<Object> at) {
    String text = value.isTextual() || value.isNumber() ? value.asText() : "";
    if (!text.matches("-?\\d{1,18}")) {
      issues.add(type("number", value, at));
      return Optional.empty();
    }
    long number = Long.parseLong(text);
    if (number < min) {
      issues.add(new Issue("too_small", "Too small: expected number to be >=" + min, at));
    } else if (number > max) {
      issues.add(new Issue("too_big", "Too big: expected number to be <=" + max, at));
    } else {
      return Optional.of((int) number);
    }
    return Optional.empty();
  }

  /** A boolean of a JSON body. */
  Optional<Boolean> flag(String key) {
    return field(key)
        .filter(value -> value.isBoolean() || wrong(key, type("boolean", value, at(key))))
        .map(JsonNode::asBoolean);
  }

  /** A boolean as people write it in a query: {@code true}, {@code 1}, {@code yes}, {@code on}. */
  Optional<Boolean> lenientFlag(String key) {
    return field(key)
        .flatMap(value ->
            switch (value.asText().toLowerCase(Locale.ROOT)) {
              case "true", "1", "yes", "y", "on", "enabled" -> Optional.of(true);
              case "false", "0", "no", "n", "off", "disabled" -> Optional.of(false);
              default -> {
                wrong(key, type("boolean", value, at(key)));
                yield Optional.empty();
              }
            });
  }

  /** Any value, also null. */
  Optional<JsonNode> any(String key) {
    return field(key);
  }

  Set<String> keys() {
    Set<String> keys = new HashSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  boolean has(String key) {
    return object.has(key);
  }

  /** Reports a rule that no type can express. */
  void report(String code, String message, Object... at) {
    issues.add(new Issue(code, message, join(path, at)));
  }

  /** Says that the key is expected although nothing reads it now. */
  void expect(String key) {
    known.add(key);
  }

  <T> T missing(String key, String type, T placeholder) {
    if (!object.has(key)) {
      issues.add(
          new Issue(
              "invalid_type", "Invalid input: expected " + type + ", received undefined", at(key)));
    }
    return placeholder;
  }

  /** Closes this nested object: reports the keys that nobody asked for. */
  void close() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        issues.add(new Issue("unrecognized_keys", "Unrecognized key: \"" + key + "\"", path));
      }
    }
  }

  /** Closes and refuses the request if anything at all was wrong with it. */
  void check() {
    close();
    if (!issues.isEmpty()) {
      throw refusal();
    }
  }

  /** The refusal, for a rule that only showed after {@link #check()} had passed. */
  ApiError refusal() {
    return Issue.refuse(where, issues);
  }

  private Optional<JsonNode> field(String key) {
    known.add(key);
    return Optional.ofNullable(object.get(key));
  }

  private Optional<String> textOf(JsonNode value, TextRule rule, List<Object> at) {
    if (!value.isTextual()) {
      issues.add(type("string", value, at));
      return Optional.empty();
    }
    Optional<TextRule.Wrong> wrong = rule.check(value.textValue());
    wrong.ifPresent(w -> issues.add(new Issue(w.code(), w.message(), at)));
    return wrong.isPresent() ? Optional.empty() : Optional.of(value.textValue());
  }

  private boolean wrong(String key, Issue issue) {
    known.add(key);
    issues.add(issue);
    return false;
  }

  private static Issue type(String expected, @Nullable JsonNode value, List<Object> at) {
    String received =
        value == null
            ? "undefined"
            : switch (value.getNodeType()) {
              case NULL -> at.isEmpty() ? "undefined" : "null";
              case ARRAY -> "array";
              case BOOLEAN -> "boolean";
              case NUMBER -> "number";
              case STRING -> "string";
              default -> "object";
            };
    return new Issue(
        "invalid_type", "Invalid input: expected " + expected + ", received " + received, at);
  }

  private List<Object> at(String key) {
    return join(path, key);
  }

  private static List<Object> join(List<Object> path, Object... more) {
    List<Object> joined = new ArrayList<>(path);
    joined.addAll(List.of(more));
    return List.copyOf(joined);
  }
}
