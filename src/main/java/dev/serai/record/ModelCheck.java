package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One compiled model. Says which field breaks which rule, and never repeats the field's value.
 * Thread-safe.
 */
public final class ModelCheck {
  /** A list longer than this helps nobody. */
  private static final int MOST_FAULTS = 20;

  private final String model;
  private final @Nullable Schema schema;

  ModelCheck(String model, @Nullable Schema schema) {
    this.model = model;
    this.schema = schema;
  }

  /**
   * @param path where, as names and indices; empty for the value itself
   * @param rule the JSON Schema keyword that is broken
   * @param message for people, without the value: {@code must be string}
   */
  public record Fault(List<Object> path, String rule, String message) {
    public Fault {
      path = List.copyOf(path);
    }

    /** {@code title: must be string (type)}. */
    @Override
    public String toString() {
      return field() + ": " + message + " (" + rule + ")";
    }

    /** {@code assignee_ids[0]}; {@code record} for the value itself. */
    public String field() {
      StringBuilder text = new StringBuilder();
      for (Object step : path) {
        if (step instanceof Integer) {
          text.append('[').append(step).append(']');
        } else {
          text.append(text.isEmpty() ? "" : ".").append(step);
        }
      }
      return text.isEmpty() ? "record" : text.toString();
    }
  }

  /** The model's name as it is spelled. */
  public String model() {
    return model;
  }

  /** False for raw and custom models without a schema: everything passes. */
  public boolean checked() {
    return schema != null;
  }

  /**
   * Whether a record can have this field, dotted from the top. True where no schema says: within
   * objects of any content, and for models without one.
   */
  public boolean canHave(String field) {
    JsonNode at = schema == null ? MissingNode.getInstance() : schema.getSchemaNode();
    for (String name : field.split("\\.", -1)) {
      boolean closed = at.path("additionalProperties").isBoolean();
      JsonNode next = at.path("properties").path(name);
      if (next.isMissingNode()) {
        return !closed || at.path("additionalProperties").asBoolean();
      }
      at = next;
    }
    return true;
  }

  /** What is wrong with the value; empty if nothing. At most twenty faults. */
  public List<Fault> faults(JsonNode value) {
    if (schema == null) {
      return List.of();
    }
    List<Error> errors = schema.validate(value);
    if (errors.isEmpty()) {
      return List.of();
    }
    return errors.stream().limit(MOST_FAULTS).map(this::fault).toList();
  }

  private Fault fault(Error error) {
    List<Object> path = new ArrayList<>();
    for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
      path.add(error.getInstanceLocation().getElement(i));
    }
    if (error.getProperty() != null) {
      path.add(error.getProperty());
    }
    return new Fault(path, error.getKeyword(), message(error));
  }

  private String message(Error error) {
    JsonNode wanted = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "required" -> "is required";
      case "additionalProperties", "unevaluatedProperties" -> "is not a field of " + model;
      case "type" -> "must be " + listed(wanted, " or ");
      case "enum" -> "must be one of " + listed(wanted, ", ");
      case "format" -> "must be a " + listed(wanted, "");
      case "minLength" -> "must not be shorter than " + listed(wanted, "") + " characters";
      case "maxLength" -> "must not be longer than " + listed(wanted, "") + " characters";
      case "minProperties" -> "must have at least " + listed(wanted, "") + " fields";
      default -> "breaks the rule";
    };
  }

  private static String listed(JsonNode wanted, String separator) {
    if (!wanted.isArray()) {
      return wanted.asText();
    }
    List<String> words = new ArrayList<>();
    wanted.forEach(word -> words.add(word.asText()));
    return String.join(separator, words);
  }
}
