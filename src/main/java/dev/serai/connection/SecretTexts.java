package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the texts of credentials that nobody else may see. */
final class SecretTexts {
  private static final Pattern NAME =
      Pattern.compile("(?i).*(token|secret|password|private_?key|assertion).*");
  private static final int SHORTEST = 6;

  private SecretTexts() {}

  /** These texts, and the members of the document that carry a secret's name. */
  static List<String> of(@Nullable JsonNode document, @Nullable String... texts) {
    List<String> all = new ArrayList<>();
    for (String text : texts) {
      if (text != null && !text.isEmpty()) {
        all.add(text);
      }
    }
    if (document != null) {
      collect(document, all);
    }
    return all.stream().distinct().toList();
  }

  private static void collect(JsonNode node, List<String> into) {
    for (var entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value.isContainerNode()) {
        collect(value, into);
      } else if (value.isTextual()
          && value.textValue().length() >= SHORTEST
          && NAME.matcher(entry.getKey()).matches()) {
        into.add(value.textValue());
      }
    }
    if (node.isArray()) {
      node.forEach(child -> collect(child, into));
    }
  }
}
