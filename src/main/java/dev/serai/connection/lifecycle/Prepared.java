package dev.serai.connection.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionConfigCheck;
import dev.serai.provider.Provider;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a {@code created} route found out, to be merged into the connection key by key.
 *
 * @param config only what differs from what the route was given
 * @param metadata the same
 */
record Prepared(ObjectNode config, ObjectNode metadata) {
  private static final Set<String> KEYS = Set.of("connection_config", "metadata");
  private static final String REMEDY =
      "let its last step leave {\"connection_config\": {…}, \"metadata\": {…}}, each of them optional";

  static Prepared nothing() {
    return new Prepared(Json.object(), Json.object());
  }

  /**
   * @throws LifecycleFailure when it is something else than the two objects
   */
  static Prepared read(Connection connection, JsonNode left) {
    if (left.isNull()) {
      return nothing();
    }
    if (!(left instanceof ObjectNode object)) {
      throw unusable(connection, "left a JSON " + left.getNodeType() + " in the body");
    }
    for (String key : (Iterable<String>) object::fieldNames) {
      if (!KEYS.contains(key)) {
        throw unusable(connection, "left the unknown key `" + key + "` in the body");
      }
    }
    ObjectNode given = LifecycleRun.body(connection);
    return new Prepared(
        changed(connection, object, given, "connection_config"),
        changed(connection, object, given, "metadata"));
  }

  // What the route did not touch may have been changed by somebody else meanwhile.
  private static ObjectNode changed(
      Connection connection, ObjectNode left, ObjectNode given, String key) {
    JsonNode value = left.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return Json.object();
    }
    if (!(value instanceof ObjectNode object)) {
      throw unusable(connection, "left no object in `" + key + "`");
    }
    ObjectNode changed = object.deepCopy();
    for (Iterator<String> names = changed.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (object.path(name).equals(given.path(key).path(name))) {
        names.remove();
      }
    }
    return changed;
  }

  /**
   * Holds the configuration as it will be against what the provider declares.
   *
   * @param secrets the connection's secret values
   * @throws LifecycleFailure naming the fields that do not fit; never their values
   */
  void check(Connection connection, Provider provider, ObjectNode secrets) {
    if (config.isEmpty()) {
      return;
    }
    provider
        .config()
        .forEach((name, field) -> {
          if (field.secret() && config.has(name)) {
            throw unusable(connection, "set the secret field `" + name + "`, which it may not");
          }
        });
    ObjectNode whole = connection.config().deepCopy();
    whole.setAll(secrets);
    whole.setAll(config);
    var problems = ConnectionConfigCheck.check(provider, whole).problems();
    if (!problems.isEmpty()) {
      throw unusable(
          connection,
          "left a connection_config that does not fit provider.yaml in "
              + problems.stream()
                  .map(ConnectionConfigCheck.Problem::field)
                  .collect(Collectors.joining(", ")));
    }
  }

  private static LifecycleFailure unusable(Connection connection, String what) {
    return LifecycleFailure.unusable(connection, "its route `created` " + what + ": " + REMEDY);
  }
}
