package dev.serai.connection;

import dev.serai.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How renewals stand, and what the API made of what they brought. Thread-safe. */
final class StandingStore {
  private final Database database;

  StandingStore(Database database) {
    this.database = database;
  }

  private static final String FIND =
      """
      select k.sealed, k.generation, k.updated_at, k.ends_at, clock_timestamp() as now,
             r.phase, r.intent_at, r.doubted, r.answer, r.answered_at, r.state, r.code, r.reason,
             r.failures, r.retry_at, r.renewed, r.refused, r.futile, r.shortest_ms, r.observed
        from credential k
        join connection c on c.id = k.connection
        left join token_refresh r on r.connection = k.connection
       where k.connection = :connection and c.deleted_at is null
      """;

  /** Empty: the connection was deleted. */
  Optional<Standing> find(long connection) {
    return database.read(handle -> find(handle, connection));
  }

  Optional<Standing> find(Handle handle, long connection) {
    return handle
        .createQuery(FIND)
        .bind("connection", connection)
        .map((row, context) -> standing(row))
        .findOne();
  }

  private static final String ACCEPTED =
      """
      update token_refresh
         set shortest_ms = least(shortest_ms, learning_ms),
             observed = observed + case when learning_ms is null then 0 else 1 end,
             learning_ms = null, futile = 0
       where connection = :connection and renewed = :generation and (learning_ms is not null or futile > 0)
      """;

  /** The token of this generation, got because the one before was refused, was accepted. */
  void accepted(long connection, long generation) {
    database.useTransaction(handle ->
        handle
            .createUpdate(ACCEPTED)
            .bind("connection", connection)
            .bind("generation", generation)
            .execute());
  }

  private static Standing standing(ResultSet row) throws SQLException {
    String phase = row.getString("phase");
    String state = row.getString("state");
    return new Standing(
        new CredentialStore.Sealed(row.getBytes("sealed"), row.getLong("generation")),
        row.getObject("now", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        instant(row, "ends_at"),
        phase == null ? RefreshPhase.IDLE : RefreshPhase.valueOf(phase.toUpperCase(Locale.ROOT)),
        instant(row, "intent_at"),
        row.getBoolean("doubted"),
        row.getBytes("answer"),
        instant(row, "answered_at"),
        state == null ? GrantState.LIVE : GrantState.valueOf(state.toUpperCase(Locale.ROOT)),
        text(row, "code"),
        text(row, "reason"),
        row.getInt("failures"),
        instant(row, "retry_at"),
        life(row));
  }

  private static TokenLife life(ResultSet row) throws SQLException {
    long shortest = row.getLong("shortest_ms");
    boolean learned = !row.wasNull();
    return new TokenLife(
        row.getLong("renewed"),
        row.getBoolean("refused"),
        row.getInt("futile"),
        learned ? Duration.ofMillis(shortest) : null,
        row.getInt("observed"));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
