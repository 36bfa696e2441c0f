package dev.serai.connection.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.http.OutgoingUri;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path with <code>{field}</code> places; each value is one encoded part, never more path. */
record PathTemplate(String text) {
  private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z0-9_.]+)}");

  /**
   * Fills from the first of the sources that has the field; {@code a.b} looks into objects.
   *
   * @throws IllegalArgumentException naming the fields that none of them has
   */
  String fill(List<JsonNode> sources) {
    List<String> missing = new ArrayList<>();
    Matcher places = PLACE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (places.find()) {
      String field = places.group(1);
      String value = value(field, sources);
      if (value.isEmpty()) {
        missing.add(field);
      }
      places.appendReplacement(out, Matcher.quoteReplacement(OutgoingUri.encode(value)));
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "path %s needs %s, which neither the body nor the action's input has"
              .formatted(text, missing));
    }
    return places.appendTail(out).toString();
  }

  private static String value(String field, List<JsonNode> sources) {
    for (JsonNode source : sources) {
      JsonNode node = source.at("/" + field.replace('.', '/'));
      if (node.isValueNode() && !node.isNull() && !node.asText().isEmpty()) {
        return dots(node.asText());
      }
    }
    return "";
  }

  /** A part of only dots would climb out of its place. */
  private static String dots(String value) {
    return value.matches("\\.+") ? "" : value;
  }
}
