package dev.serai.connection;

import dev.serai.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Who renews what. Every write of an owner names its fence and misses if it was passed. */
final class RefreshStore {
  /**
   * Nobody who gave a sign of life is renewing. Where the clock was set back by more than a lease,
   * leases of before would seem to last for ever: they are over.
   */
  static final String FREE =
      "(lease_until is null or lease_until <= clock_timestamp() or leased_at > clock_timestamp() + (lease_until - leased_at))";

  private final Database database;
  private final StandingStore standings;

  RefreshStore(Database database) {
    this.database = database;
    this.standings = new StandingStore(database);
  }

  /** Empty: the connection was deleted. */
  Optional<Standing> find(long connection) {
    return standings.find(connection);
  }

  Optional<Standing> find(Handle handle, long connection) {
    return standings.find(handle, connection);
  }

  private static final String LEASE =
      """
      update token_refresh
         set fence = fence + 1, node = :node, leased_at = clock_timestamp(),
             lease_until = clock_timestamp() + :lease * interval '1 millisecond'
       where connection = :connection and %s
      returning fence
      """
          .formatted(FREE);
  private static final String BEGIN =
      "insert into token_refresh (connection) values (:connection) on conflict (connection) do nothing";

  /** Empty: somebody else has it. */
  OptionalLong lease(Handle transaction, long connection, String owner, Duration lease) {
    OptionalLong fence = tryLease(transaction, connection, owner, lease);
    if (fence.isEmpty()
        && transaction.createUpdate(BEGIN).bind("connection", connection).execute() == 1) {
      fence = tryLease(transaction, connection, owner, lease);
    }
    return fence;
  }

  private static OptionalLong tryLease(
      Handle transaction, long connection, String owner, Duration lease) {
    return transaction
        .createQuery(LEASE)
        .bind("connection", connection)
        .bind("node", owner)
        .bind("lease", lease.toMillis())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private static final String EXTEND =
      """
      update token_refresh
         set leased_at = clock_timestamp(), lease_until = clock_timestamp() + :lease * interval '1 millisecond'
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
         set phase = 'sending', answer = null, answered_at = null, sender = fence, doubted = phase <> 'idle',
             intent_at = case when phase = 'idle' then clock_timestamp() else intent_at end,
             grace_until = case when phase = 'idle' then clock_timestamp() else intent_at end
                           + :usable * interval '1 millisecond'
       where connection = :connection and fence = :fence
      """;

  /**
   * @param usable so long after the first call the old token may be sent again
   */
  boolean intend(long connection, long fence, Duration usable) {
    return database.inTransaction(handle ->
        fenced(handle, INTEND, connection, fence).bind("usable", usable.toMillis()).execute() == 1);
  }

  private static final String ANSWERED =
      """
      update token_refresh
         set phase = 'answered', answer = :answer,
             answered_at = clock_timestamp() - :waited * interval '1 millisecond'
       where connection = :connection and fence = :fence
      """;

  /**
   * @param waited how long ago it came
   */
  boolean answered(long connection, long fence, byte[] sealed, Duration waited) {
    return database.inTransaction(handle ->
        fenced(handle, ANSWERED, connection, fence)
                .bind("answer", sealed)
                .bind("waited", waited.toMillis())
                .execute()
            == 1);
  }

  private static final String LATE =
      """
      update token_refresh
         set fence = fence + 1, lease_until = null, node = null, retry_at = null,
             phase = 'answered', answer = :answer,
             answered_at = clock_timestamp() - :waited * interval '1 millisecond'
       where connection = :connection and sender = :fence and state in ('live', 'uncertain')
      """;

  /** As {@link #answered}, after the fence was passed by somebody who has sent nothing. */
  boolean late(Handle transaction, long connection, long fence, byte[] sealed, Duration waited) {
    return fenced(transaction, LATE, connection, fence)
            .bind("answer", sealed)
            .bind("waited", waited.toMillis())
            .execute()
        == 1;
  }

  private static final String RENEWED =
      """
      update token_refresh
         set phase = 'idle', intent_at = null, grace_until = null, sender = null, doubted = false,
             answer = null, answered_at = null, lease_until = null, node = null,
             state = 'live', code = null, reason = null, failures = 0, retry_at = null,
             renewed = :renewed, refused = :refused, learning_ms = :learning,
             futile = case when :refused and refused then futile + 1 else 0 end,
             shortest_ms = shortest_ms + case when :outlived then shortest_ms / 32 else 0 end
       where connection = :connection and fence = :fence
      """;

  /**
   * How new credentials follow the old ones.
   *
   * @param renewed their generation; null: how old their token is, is not known
   * @param refused the token before was refused by the API
   * @param learning how old it was then, if that tells how long tokens live
   * @param outlived the token before lived until it was guessed to end soon
   */
  record Succession(
      @Nullable Long renewed, boolean refused, @Nullable Duration learning, boolean outlived) {}

  boolean renewed(Handle transaction, long connection, long fence, Succession succession) {
    Duration learning = succession.learning();
    return fenced(transaction, RENEWED, connection, fence)
            .bind("renewed", succession.renewed())
            .bind("refused", succession.refused())
            .bind("learning", learning == null ? null : learning.toMillis())
            .bind("outlived", succession.outlived())
            .execute()
        == 1;
  }

  // While a token is in doubt, a last try falls within the grace, whatever the wait.
  private static final String FAILED =
      """
      update token_refresh
         set phase = :phase, intent_at = case when :phase = 'idle' then null else intent_at end,
             doubted = doubted and :phase <> 'idle', sender = null,
             answer = case when :phase = 'answered' then answer end,
             answered_at = case when :phase = 'answered' then answered_at end,
             lease_until = null, node = null, code = case when state = 'live' then :code else code end,
             reason = case when state = 'live' then :reason else reason end, failures = failures + 1,
             retry_at = least(
               clock_timestamp() + :wait * interval '1 millisecond',
               case when :phase in ('sending', 'doubtful') and grace_until > clock_timestamp()
                    then grace_until - least((grace_until - clock_timestamp()) / 2, interval '10 seconds') end)
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

  // A wrong app settles nothing about the token. Who sent stays known: his answer may still come.
  private static final String OVER =
      """
      update token_refresh
         set phase = case when :state = 'misconfigured' and doubted then 'doubtful' else 'idle' end,
             intent_at = case when :state = 'misconfigured' and doubted then intent_at end,
             answer = null, answered_at = null, lease_until = null, node = null,
             state = :state, code = :code, reason = :reason,
             failures = case when state = :state then failures + 1 else 0 end,
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

  private static Update fenced(Handle handle, String sql, long connection, long fence) {
    return handle.createUpdate(sql).bind("connection", connection).bind("fence", fence);
  }
}
