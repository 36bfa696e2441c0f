package dev.serai.connection.lifecycle;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.Connection;
import java.time.Duration;

/** Why a route of a connection's life did not do what it is for. */
final class LifecycleFailure extends SeraiException {
  private LifecycleFailure(String code, Connection connection, String message) {
    super(code, Origin.OURS, connection.label() + ": " + message);
  }

  static LifecycleFailure late(Connection connection, Event event, Duration limit) {
    return new LifecycleFailure(
        "connection_route_timeout",
        connection,
        "its route `%s` took longer than %d s and was stopped"
            .formatted(event.word(), limit.toSeconds()));
  }

  static LifecycleFailure notLoaded(Connection connection, Event event) {
    return new LifecycleFailure(
        "connection_route_missing",
        connection,
        "its provider has a route `%s` that does not run here: see what the log says of its file"
            .formatted(event.word()));
  }

  /** The route left something that cannot be merged into the connection. */
  static LifecycleFailure unusable(Connection connection, String why) {
    return new LifecycleFailure("invalid_connection_route_output", connection, why);
  }
}
