package dev.serai.connection.connect;

import dev.serai.connection.Connection;
import dev.serai.connection.Connections.Imported;

/** What came of putting a connection in its place, as whoever attempted it is to be told. */
final class Placed {
  private Placed() {}

  /**
   * @throws ConnectRefused when there is no connection of it
   */
  static Connection of(Imported imported, Attempt attempt) {
    return switch (imported) {
      case Imported.Created created -> created.details().connection();
      case Imported.Overridden overridden -> overridden.details().connection();
      case Imported.NoIntegration gone ->
          throw new ConnectRefused(
              "unknown_provider_config",
              "The integration " + attempt.key() + " does not exist any more");
      case Imported.Exists there ->
          throw new ConnectRefused(
              "connection_exists",
              "The connection %s is there already: reconnect it with a reconnect session or an HMAC"
                  .formatted(attempt.connectionId()));
      case Imported.Missing missing ->
          throw new ConnectRefused(
              "unknown_connection",
              "The connection %s is not there any more: it cannot be reconnected"
                  .formatted(attempt.connectionId()));
      case Imported.OtherAccount other ->
          throw new ConnectRefused(
              "account_differs",
              ("This is the account %s, but the connection belongs to %s. Choose that account, or"
                      + " confirm that the connection shall begin anew with the other one")
                  .formatted(other.offered(), other.there()));
    };
  }
}
