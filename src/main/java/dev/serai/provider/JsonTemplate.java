package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A JSON body whose texts are templates. */
public final class JsonTemplate {
  private JsonTemplate() {}

  static void check(@Nullable JsonNode node, Set<String> known) {
    if (node != null && node.isTextual()) {
      Template.parse(node.textValue(), known);
    } else if (node != null) {
      node.forEach(child -> check(child, known));
    }
  }

  /** A copy with every place filled; the original is left alone. */
  public static JsonNode fill(JsonNode node, UnaryOperator<String> values) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = object.objectNode();
        object.properties().forEach(e -> copy.set(e.getKey(), fill(e.getValue(), values)));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = array.arrayNode();
        array.forEach(item -> copy.add(fill(item, values)));
        yield copy;
      }
      case TextNode text when text.textValue().contains("${") ->
          TextNode.valueOf(fill(text.textValue(), values));
      default -> node;
    };
  }

  private static String fill(String text, UnaryOperator<String> values) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", from)) {
      int close = text.indexOf('}', open);
      out.append(text, from, open).append(values.apply(text.substring(open + 2, close).strip()));
      from = close + 1;
    }
    return out.append(text.substring(from)).toString();
  }
}
