package dev.serai.connection.connect;

import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Flows that are under way at a provider, by the hash of their state. */
final class FlowStore {
  /** A flow as it stands in its row. */
  record Row(byte[] browser, byte[] sealed) {}

  private static final String INSERT =
      """
      insert into oauth_flow (state, environment, integration, browser, sealed, expires_at)
      values (:state, :environment, :integration, :browser, :sealed,
              clock_timestamp() + :seconds * interval '1 second')
      """;

  void insert(Handle handle, byte[] state, Attempt attempt, Row row, Duration life) {
    handle
        .createUpdate(INSERT)
        .bind("state", state)
        .bind("environment", attempt.environment())
        .bind("integration", attempt.integration())
        .bind("browser", row.browser())
        .bind("sealed", row.sealed())
        .bind("seconds", life.toSeconds())
        .execute();
  }

  private static final String LOCK =
      """
      select browser, sealed from oauth_flow
       where state = :state and expires_at > clock_timestamp()
         for update
      """;

  /** Whoever comes second waits, and finds nothing. */
  Optional<Row> lock(Handle transaction, byte[] state) {
    return transaction
        .createQuery(LOCK)
        .bind("state", state)
        .map((row, context) -> new Row(row.getBytes("browser"), row.getBytes("sealed")))
        .findOne();
  }

  private static final String DELETE = "delete from oauth_flow where state = :state";

  void delete(Handle transaction, byte[] state) {
    transaction.createUpdate(DELETE).bind("state", state).execute();
  }
}
