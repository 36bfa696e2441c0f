package dev.serai.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.math.BigDecimal;
import java.util.TreeMap;

/** JSON as text that is equal exactly when the values are: a difference shows line by line. */
final class Plain {
  private Plain() {}

  /** Keys sorted, numbers by value. */
  static String text(JsonNode value) {
    try {
      return Json.mapper()
          .writer()
          .with(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(sorted(value, false));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The same without fields that are null or empty: what a model calls absent. */
  static String record(JsonNode value) {
    return text(sorted(value, true));
  }

  private static JsonNode sorted(JsonNode value, boolean sparse) {
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue().stripTrailingZeros();
      return DecimalNode.valueOf(number.scale() < 0 ? number.setScale(0) : number);
    }
    if (value.isArray()) {
      ArrayNode array = Json.array();
      value.forEach(element -> array.add(sorted(element, sparse)));
      return array;
    }
    if (!value.isObject()) {
      return value;
    }
    TreeMap<String, JsonNode> fields = new TreeMap<>();
    value
        .properties()
        .forEach(field -> fields.put(field.getKey(), sorted(field.getValue(), sparse)));
    ObjectNode object = Json.object();
    fields.forEach((name, field) -> {
      if (!sparse || !(field.isNull() || field.isContainerNode() && field.isEmpty())) {
        object.set(name, field);
      }
    });
    return object;
  }
}
