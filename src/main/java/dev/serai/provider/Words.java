package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place in provider.yaml that is being read. The schema has been checked before; what it cannot
 * check (expressions, templates, patterns) becomes a problem with the line it stands on.
 */
record Words(YamlDocument document, JsonNode node, String pointer, List<ProviderProblem> problems) {
  @Nullable Words child(String key) {
    return node.has(key) ? new Words(document, node.get(key), pointer + "/" + key, problems) : null;
  }

  Map<String, Words> children() {
    Map<String, Words> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String at = pointer + "/" + entry.getKey().replace("~", "~0").replace("/", "~1");
      all.put(entry.getKey(), new Words(document, entry.getValue(), at, problems));
    }
    return all;
  }

  List<Words> items() {
    List<Words> all = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      all.add(new Words(document, node.get(i), pointer + "/" + i, problems));
    }
    return all;
  }

  /** A list of texts; empty when absent. */
  List<String> texts(String key) {
    List<String> all = new ArrayList<>();
    node.path(key).forEach(item -> all.add(item.asText()));
    return all;
  }

  String text(String key, String otherwise) {
    return node.path(key).asText(otherwise);
  }

  @Nullable String optional(String key) {
    return node.has(key) ? node.get(key).asText() : null;
  }

  int number(String key, int otherwise) {
    return node.path(key).asInt(otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return node.path(key).asBoolean(otherwise);
  }

  Set<Integer> numbers(String key, List<Integer> otherwise) {
    if (!node.has(key)) {
      return new LinkedHashSet<>(otherwise);
    }
    Set<Integer> all = new LinkedHashSet<>();
    node.get(key).forEach(item -> all.add(item.asInt()));
    return all;
  }

  Duration duration(String key, Duration otherwise) {
    Duration read = read(key, Durations::parse, "write it like 15m, 1h30m or PT15M");
    return read == null ? otherwise : read;
  }

  @Nullable Jslt jslt(String key) {
    return read(key, Jslt::compile, "write a JSLT expression such as .items or .more == true");
  }

  @Nullable Template template(String key, Set<String> known) {
    return read(
        key,
        text -> Template.parse(text, known),
        "declare the field under connection_config, or correct its name");
  }

  /** Null when the key is absent or its value is a problem, which is then noted. */
  <T> @Nullable T read(String key, Function<String, T> reading, String remedy) {
    if (!node.has(key)) {
      return null;
    }
    try {
      return reading.apply(node.get(key).asText());
    } catch (IllegalArgumentException e) {
      problem(key, String.valueOf(e.getMessage()), remedy);
      return null;
    }
  }

  void problem(String key, String message, String remedy) {
    String at = key.isEmpty() ? pointer : pointer + "/" + key;
    problems.add(
        new ProviderProblem(
            document.file(),
            document.line(at),
            (at.isEmpty() ? "" : at.substring(1).replace('/', '.') + ": ") + message,
            remedy));
  }
}
