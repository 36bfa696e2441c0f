package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider.ConfigField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds what somebody entered to prove himself against the fields that the provider declares. */
public final class EnteredCheck {
  private EnteredCheck() {}

  /**
   * @param path keys from the outside in
   * @param message for the person who filled in the form; shows nothing of what he wrote
   */
  public record Problem(List<String> path, String message) {}

  /**
   * Only the declared fields of an object, their defaults filled in: what else a page sends is not
   * kept, so that nothing of it is ever taken for a token.
   */
  public static ObjectNode kept(Auth auth, ObjectNode entered) {
    ObjectNode kept = Json.object();
    auth.fields()
        .forEach((name, field) -> {
          JsonNode value = at(entered, path(name));
          String usual = field.defaultValue();
          if (!value.isMissingNode() && !value.isNull()) {
            parent(kept, path(name)).set(path(name).getLast(), value);
          } else if (usual != null) {
            parent(kept, path(name)).put(path(name).getLast(), usual);
          }
        });
    return kept;
  }

  /** What is missing, or is not what it must look like. */
  public static List<Problem> problems(Auth auth, Credentials entered) {
    ObjectNode json = CredentialJson.write(entered);
    // A user name alone may be all there is: some providers take a key for it.
    boolean mayBeEmpty = entered instanceof Credentials.Basic;
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, ConfigField> declared : auth.fields().entrySet()) {
      ConfigField field = declared.getValue();
      List<String> path = path(declared.getKey());
      String title = field.title().isEmpty() ? declared.getKey() : field.title();
      JsonNode value = at(json, path);
      boolean given = value.isValueNode() && !value.isNull();
      if (!given && !value.isMissingNode() && !value.isNull()) {
        problems.add(new Problem(path, title + " must be a text"));
      } else if (!given || (value.asText().isEmpty() && !mayBeEmpty)) {
        if (field.required()) {
          problems.add(new Problem(path, title + " is required"));
        }
      } else if (!field.pattern().matcher(value.asText()).matches()) {
        problems.add(new Problem(path, title + " does not have the expected form"));
      }
    }
    return problems;
  }

  /** {@code privateKey.id} is the key {@code id} of the object {@code privateKey}. */
  private static List<String> path(String name) {
    return List.of(name.split("\\."));
  }

  private static JsonNode at(JsonNode json, List<String> path) {
    JsonNode node = json;
    for (String key : path) {
      node = node.path(key);
    }
    return node;
  }

  private static ObjectNode parent(ObjectNode root, List<String> path) {
    ObjectNode parent = root;
    for (String key : path.subList(0, path.size() - 1)) {
      parent = parent.withObjectProperty(key);
    }
    return parent;
  }
}
