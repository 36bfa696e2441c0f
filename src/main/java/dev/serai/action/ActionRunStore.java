package dev.serai.action;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import java.util.UUID;

/** What was run and how it went, without inputs and outputs. Thread-safe. */
final class ActionRunStore {
  private final Database database;

  ActionRunStore(Database database) {
    this.database = database;
  }

  private static final String BEGIN =
      """
      insert into action_run (environment, connection, action)
      values (:environment, :connection, :action)
      returning id
      """;

  UUID begin(Connection connection, String action) {
    return database.inTransaction(handle ->
        handle
            .createQuery(BEGIN)
            .bind("environment", connection.environment())
            .bind("connection", connection.id())
            .bind("action", action)
            .mapTo(UUID.class)
            .one());
  }

  private static final String END =
      """
      update action_run
         set ended_at = clock_timestamp(), outcome = :outcome, error_code = :code
       where id = :id
      """;

  void end(UUID id, ActionOutcome outcome) {
    boolean success = outcome instanceof ActionOutcome.Done;
    database.useTransaction(handle ->
        handle
            .createUpdate(END)
            .bind("id", id)
            .bind("outcome", success ? "success" : "failed")
            .bind("code", success ? null : outcome.code())
            .execute());
  }
}
