package dev.serai.connection;

import dev.serai.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Who renews what. Every write of an owner names its fence and misses if it was passed. */
final class RefreshStore {
  private final Database database;

  RefreshStore(Database database) {
    this.database = database;
  }

  private static final String FIND =
      """
      select k.sealed, k.generation, k.updated_at, k.ends_at, clock_timestamp() as now,
             r.lease_until > clock_timestamp() as leased, r.phase, r.intent_at, r.answer, r.state, r.code, r.reason,
             r.failures, r.retry_at, r.refused, r.shortest_ms, r.observed
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

  private static final String LEASE =
      """
      update token_refresh
         set fence = fence + 1, lease_until = clock_timestamp() + :lease * interval '1 millisecond', node = :node
       where connection = :connection and (lease_until is null or lease_until <= clock_timestamp())
      returning fence
      """;
  private static final String BEGIN =
      "insert into token_refresh (connection) values (:connection) on conflict (connection) do nothing";

  /** Empty: somebody else has it. */
  OptionalLong lease(Handle transaction, long connection, String node, Duration lease) {
    OptionalLong fence = tryLease(transaction, connection, node, lease);
    if (fence.isEmpty()
        && transaction.createUpdate(BEGIN).bind("connection", connection).execute() == 1) {
      fence = tryLease(transaction, connection, node, lease);
    }
    return fence;
  }

  private static OptionalLong tryLease(
      Handle transaction, long connection, String node, Duration lease) {
    return transaction
        .createQuery(LEASE)
        .bind("connection", connection)
        .bind("node", node)
        .bind("lease", lease.toMillis())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private static final String EXTEND =
      """
      update token_refresh set lease_until = clock_timestamp() + :lease * interval '1 millisecond'
       where connection = :connection and fence = :fence and lease_until is not null
      """;

  boolean extend(long connection, long fence, Duration lease) {
    return database.control(handle ->
        fenced(handle, EXTEND, connection, fence).bind("lease", lease.toMillis()).execute() == 1);
  }

  private static final String RELEASE =
      "update token_refresh set lease_until = null, node = null where connection = :connection and fence = :fence";

  void release(Handle transaction, long connection, long fence) {
    fenced(transaction, RELEASE, connection, fence).execute();
  }

  // A doubt is never younger than the first call that it comes from.
  private static final String INTEND =
      """
      update token_refresh
         set phase = 'sending', answer = null,
             intent_at = case when phase = 'idle' then clock_timestamp() else intent_at end
       where connection = :connection and fence = :fence
      """;

  boolean intend(long connection, long fence) {
    return once(INTEND, connection, fence);
  }

  private static final String ANSWERED =
      "update token_refresh set phase = 'answered', answer = :answer where connection = :connection and fence = :fence";

  boolean answered(long connection, long fence, byte[] sealed) {
    return database.inTransaction(handle ->
        fenced(handle, ANSWERED, connection, fence).bind("answer", sealed).execute() == 1);
  }

  private static final String RENEWED =
      """
      update token_refresh
         set phase = 'idle', intent_at = null, answer = null, lease_until = null, node = null, state = 'live',
             code = null, reason = null, failures = 0, retry_at = null, refused = :refused,
             shortest_ms = case when cast(:age as bigint) is null then shortest_ms else least(shortest_ms, :age) end,
             observed = observed + case when cast(:age as bigint) is null then 0 else 1 end
       where connection = :connection and fence = :fence
      """;

  /**
   * @param refused the token before was refused by the API
   * @param age how old it was then, if nobody knew when it would end
   */
  boolean renewed(
      Handle transaction, long connection, long fence, boolean refused, @Nullable Duration age) {
    return fenced(transaction, RENEWED, connection, fence)
            .bind("refused", refused)
            .bind("age", age == null ? null : age.toMillis())
            .execute()
        == 1;
  }

  private static final String FAILED =
      """
      update token_refresh
         set phase = :phase, intent_at = case when :phase = 'idle' then null else intent_at end, answer = null,
             lease_until = null, node = null, code = case when state = 'live' then :code else code end,
             reason = case when state = 'live' then :reason else reason end, failures = failures + 1,
             retry_at = clock_timestamp() + :wait * interval '1 millisecond'
       where connection = :connection and fence = :fence
      returning retry_at
      """;

  /** Not now; answers when again, empty if the fence was passed. */
  Optional<Instant> failed(
      Handle transaction,
      long connection,
      long fence,
      RefreshPhase phase,
      RefreshOutcome.Passing why,
      Duration wait) {
    return transaction
        .createQuery(FAILED)
        .bind("connection", connection)
        .bind("fence", fence)
        .bind("phase", phase.column())
        .bind("code", why.code())
        .bind("reason", why.message())
        .bind("wait", wait.toMillis())
        .mapTo(OffsetDateTime.class)
        .map(OffsetDateTime::toInstant)
        .findOne();
  }

  private static final String OVER =
      """
      update token_refresh
         set phase = 'idle', intent_at = null, answer = null, lease_until = null, node = null, state = :state,
             code = :code, reason = :reason, failures = case when state = :state then failures + 1 else 0 end,
             retry_at = clock_timestamp() + cast(:again as bigint) * interval '1 millisecond'
       where connection = :connection and fence = :fence
      """;

  /**
   * @param again when it is tried once more all the same; null: never
   */
  boolean over(
      Handle transaction,
      long connection,
      long fence,
      RefreshOutcome.Over why,
      @Nullable Duration again) {
    return fenced(transaction, OVER, connection, fence)
            .bind("state", why.state().column())
            .bind("code", why.code())
            .bind("reason", why.message())
            .bind("again", again == null ? null : again.toMillis())
            .execute()
        == 1;
  }

  private boolean once(String sql, long connection, long fence) {
    return database.inTransaction(handle -> fenced(handle, sql, connection, fence).execute() == 1);
  }

  private static Update fenced(Handle handle, String sql, long connection, long fence) {
    return handle.createUpdate(sql).bind("connection", connection).bind("fence", fence);
  }

  private static Standing standing(ResultSet row) throws SQLException {
    String phase = row.getString("phase");
    String state = row.getString("state");
    long shortest = row.getLong("shortest_ms");
    boolean learned = !row.wasNull();
    return new Standing(
        new CredentialStore.Sealed(row.getBytes("sealed"), row.getLong("generation")),
        row.getObject("now", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        instant(row, "ends_at"),
        row.getBoolean("leased"),
        phase == null ? RefreshPhase.IDLE : RefreshPhase.valueOf(phase.toUpperCase(Locale.ROOT)),
        instant(row, "intent_at"),
        row.getBytes("answer"),
        state == null ? GrantState.LIVE : GrantState.valueOf(state.toUpperCase(Locale.ROOT)),
        text(row, "code"),
        text(row, "reason"),
        row.getInt("failures"),
        instant(row, "retry_at"),
        row.getBoolean("refused"),
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
