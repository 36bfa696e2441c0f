package dev.serai.connection.connect;

import dev.serai.database.Database;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The connect sessions; their tokens are not here, only hashes. Thread-safe. */
final class ConnectSessionStore {
  private final Database database;

  ConnectSessionStore(Database database) {
    this.database = database;
  }

  /** A session as it stands in its row. */
  record Row(
      UUID id,
      int environment,
      String environmentName,
      @Nullable List<String> allowed,
      @Nullable Long connection,
      boolean sameAccount,
      Set<String> used,
      byte[] sealed,
      Instant expiresAt) {}

  private static final String INSERT =
      """
      insert into connect_session (id, environment, hash, allowed, connection, same_account, sealed, expires_at)
      values (:id, :environment, :hash, :allowed, :connection, :same, :sealed,
              clock_timestamp() + :seconds * interval '1 second')
      returning expires_at
      """;

  /** Answers when it ends, by the database's clock. */
  Instant insert(
      Handle transaction,
      ConnectSessions.Draft draft,
      UUID id,
      byte[] hash,
      byte[] sealed,
      Duration life) {
    List<String> allowed = draft.allowed();
    return transaction
        .createQuery(INSERT)
        .bind("id", id)
        .bind("environment", draft.environment())
        .bind("hash", hash)
        .bind("allowed", allowed == null ? null : allowed.toArray(String[]::new))
        .bind("connection", draft.reconnects())
        .bind("same", draft.sameAccount())
        .bind("sealed", sealed)
        .bind("seconds", life.toSeconds())
        .mapTo(OffsetDateTime.class)
        .one()
        .toInstant();
  }

  private static final String FIND =
      """
      select s.id, s.environment, e.name, s.allowed, s.connection, s.same_account, s.used, s.sealed, s.expires_at
        from connect_session s join environment e on e.id = s.environment
       where s.hash = :hash and s.expires_at > clock_timestamp()
      """;

  Optional<Row> find(byte[] hash) {
    return database.read(handle ->
        handle.createQuery(FIND).bind("hash", hash).map((row, context) -> row(row)).findOne());
  }

  private static final String LIVES =
      "select exists (select 1 from connect_session where id = :id)";

  /** False once it was ended; one that is only over is kept for the flows that began in time. */
  boolean lives(Handle transaction, UUID id) {
    return transaction.createQuery(LIVES).bind("id", id).mapTo(Boolean.class).one();
  }

  private static final String USE =
      """
      update connect_session set used = used || cast(:key as text)
       where id = :id and not :key = any(used)
      """;

  /** False: used up for this integration, or ended. Whoever comes second waits for the first. */
  boolean use(Handle transaction, UUID id, String key) {
    return transaction.createUpdate(USE).bind("id", id).bind("key", key).execute() == 1;
  }

  private static final String UNUSE =
      "update connect_session set used = array_remove(used, cast(:key as text)) where id = :id";

  void unuse(UUID id, String key) {
    database.useTransaction(
        handle -> handle.createUpdate(UNUSE).bind("id", id).bind("key", key).execute());
  }

  private static final String DELETE = "delete from connect_session where id = :id";

  void delete(UUID id) {
    database.useTransaction(handle -> handle.createUpdate(DELETE).bind("id", id).execute());
  }

  private static Row row(ResultSet row) throws SQLException {
    Array allowed = row.getArray("allowed");
    long connection = row.getLong("connection");
    Long reconnects = row.wasNull() ? null : Long.valueOf(connection);
    return new Row(
        row.getObject("id", UUID.class),
        row.getInt("environment"),
        row.getString("name"),
        allowed == null ? null : List.of((String[]) allowed.getArray()),
        reconnects,
        row.getBoolean("same_account"),
        Set.of((String[]) row.getArray("used").getArray()),
        row.getBytes("sealed"),
        row.getObject("expires_at", OffsetDateTime.class).toInstant());
  }
}
