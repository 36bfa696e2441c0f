package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The view that shows one model's records as a table, written from the model's schema.
 *
 * @param name in the schema {@code model}
 */
record ModelView(String name, String query) {
  private static final int LONGEST_NAME = 63;

  /** PostgreSQL has room for 1,600. */
  private static final int MOST_FIELDS = 1_000;

  /** What stands in front of the model's fields, and behind them. */
  private static final Map<String, String> FRONT =
      columns(
          "environment", "e.name",
          "connection", "n.connection_id",
          "integration", "i.unique_key",
          "provider", "i.provider",
          "variant", "c.variant",
          "id", "r.external_id");

  private static final Map<String, String> BACK =
      columns(
          "first_seen_at", "r.first_seen_at",
          "last_modified_at", "r.last_modified_at",
          "deleted_at", "r.deleted_at",
          "pruned_at", "r.pruned_at",
          "sealed", "r.sealed is not null");

  private static final String QUERY =
      """
      select %s
      from collection c
      join connection n on n.id = c.connection and n.deleted_at is null
      join integration i on i.id = n.integration
      join environment e on e.id = n.environment
      join record r on r.collection = c.id
      where c.model = %s%s
      """;

  /**
   * @param provider whose own model it is; null: a unified one, of all providers
   * @param schema as JSON Schema; what it does not say is shown as {@code jsonb}
   */
  static ModelView of(@Nullable String provider, String model, JsonNode schema) {
    String name = (provider == null ? "" : provider + "_") + model;
    Set<String> taken = new LinkedHashSet<>(FRONT.keySet());
    taken.addAll(BACK.keySet());
    List<String> columns = new ArrayList<>();
    FRONT.forEach((column, value) -> columns.add(value + " as " + identifier(column)));
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      if (!field.getKey().equals("id") && columns.size() < MOST_FIELDS) {
        String column = free(field.getKey(), taken);
        columns.add(value(field.getKey(), field.getValue()) + " as " + identifier(column));
      }
    }
    BACK.forEach((column, value) -> columns.add(value + " as " + identifier(column)));
    String whose = provider == null ? "" : " and i.provider = " + literal(provider);
    return new ModelView(
        cut(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_"), LONGEST_NAME),
        QUERY.formatted(String.join(",\n  ", columns), literal(model), whose));
  }

  /**
   * A field whose name is taken, such as the model's own deleted_at, is called model_deleted_at.
   */
  private static String free(String field, Set<String> taken) {
    String name = cut(taken.contains(field) ? "model_" + field : field, LONGEST_NAME);
    for (int i = 2; !taken.add(name); i++) {
      name = cut(field, LONGEST_NAME - 8) + "_" + i;
    }
    return name;
  }

  /** No value may break the view: what is not of its type shows as null. */
  private static String value(String field, JsonNode schema) {
    String text = "(r.data ->> %s)".formatted(literal(field));
    String json = "(r.data -> %s)".formatted(literal(field));
    return switch (type(schema)) {
      case "string" ->
          schema.path("format").asText().equals("date-time")
              ? "case when pg_input_is_valid(%1$s, 'timestamptz') and %1$s ~ '^[0-9]{4}-' then %1$s::timestamptz end"
                  .formatted(text)
              : text;
      case "number", "integer" ->
          "case when jsonb_typeof(%1$s) = 'number' then %1$s::numeric end".formatted(json);
      case "boolean" ->
          "case when jsonb_typeof(%1$s) = 'boolean' then %1$s::boolean end".formatted(json);
      default -> "nullif(%s, 'null')".formatted(json);
    };
  }

  /** The one type besides null; empty if there are several or none. */
  private static String type(JsonNode schema) {
    Set<String> types = new TreeSet<>();
    if (schema.path("type").isTextual()) {
      types.add(schema.path("type").asText());
    }
    schema.path("type").forEach(type -> types.add(type.asText()));
    if (types.isEmpty()) {
      schema
          .path("enum")
          .forEach(value -> types.add(value.getNodeType().name().toLowerCase(Locale.ROOT)));
    }
    types.remove("null");
    return types.size() == 1 ? types.iterator().next() : "";
  }

  static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** PostgreSQL counts bytes and would cut by itself, into names that may be alike. */
  private static String cut(String name, int bytes) {
    String cut = name;
    while (cut.getBytes(StandardCharsets.UTF_8).length > bytes) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return cut;
  }

  private static Map<String, String> columns(String... pairs) {
    Map<String, String> columns = new java.util.LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      columns.put(pairs[i], pairs[i + 1]);
    }
    return columns;
  }
}
