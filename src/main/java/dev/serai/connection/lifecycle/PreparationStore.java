package dev.serai.connection.lifecycle;

import dev.serai.Json;
import dev.serai.database.Database;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Which connections still wait for their {@code created} route. A claim moves {@code
 * prepare_due_at} to the end of its lease: the stamp is the fence, and whoever dies leaves one that
 * comes due again.
 */
final class PreparationStore {
  private final Database database;

  PreparationStore(Database database) {
    this.database = database;
  }

  /**
   * One node's right to prepare one connection.
   *
   * @param attempt from 1, since the connection last got credentials
   * @param until the end of the lease, which names the claim
   */
  record Claim(long connection, int attempt, OffsetDateTime until) {}

  private static final String MARK =
      """
      update connection set prepare_due_at = clock_timestamp(), prepare_attempts = 0 where id = :id
      """;

  void mark(Handle transaction, long connection) {
    transaction.createUpdate(MARK).bind("id", connection).execute();
  }

  private static final String CLAIM =
      """
      with due as (
        select id from connection
         where prepare_due_at <= clock_timestamp() and deleted_at is null
         order by prepare_due_at limit 1
           for no key update skip locked
      )
      update connection c
         set prepare_due_at = clock_timestamp() + :lease * interval '1 millisecond',
             prepare_attempts = c.prepare_attempts + 1
        from due where c.id = due.id
      returning c.id, c.prepare_attempts, c.prepare_due_at
      """;

  Optional<Claim> claim(Duration lease) {
    return database.inTransaction(handle ->
        handle
            .createQuery(CLAIM)
            .bind("lease", lease.toMillis())
            .map((row, context) ->
                new Claim(
                    row.getLong("id"),
                    row.getInt("prepare_attempts"),
                    row.getObject("prepare_due_at", OffsetDateTime.class)))
            .findOne());
  }

  private static final String HELD =
      " where id = :id and deleted_at is null and prepare_due_at = :until and prepare_attempts = :attempt";

  private static final String WITHOUT_ENTRY =
      "(select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(errors) e where e ->> 'log_id' <> :log)";

  private static final String APPLY =
      """
      update connection
         set prepare_due_at = null, prepare_attempts = 0,
             connection_config = connection_config || :config::jsonb,
             metadata = case when :metadata::jsonb = '{}' then metadata
                             else coalesce(metadata, '{}') || :metadata::jsonb end,
             updated_at = clock_timestamp(),
             errors = %s
      """
              .formatted(WITHOUT_ENTRY)
          + HELD;

  /** False if the claim is not this one any more: nothing was written. */
  boolean apply(Handle transaction, Claim claim, Prepared prepared) {
    return transaction
            .createUpdate(APPLY)
            .bind("id", claim.connection())
            .bind("until", claim.until())
            .bind("attempt", claim.attempt())
            .bind("config", Json.write(prepared.config()))
            .bind("metadata", Json.write(prepared.metadata()))
            .bind("log", entry(claim))
            .execute()
        == 1;
  }

  private static final String OVER =
      "select exists (select 1 from token_refresh where connection = :id and state in ('dead', 'misconfigured'))";

  /** Its grant ended meanwhile: whoever mends that resumes it. */
  boolean over(Handle transaction, long connection) {
    return transaction.createQuery(OVER).bind("id", connection).mapTo(Boolean.class).one();
  }

  private static final String POSTPONE =
      """
      update connection
         set prepare_due_at = clock_timestamp() + :pause * interval '1 millisecond',
             errors = case when :visible then %s || jsonb_build_array(jsonb_build_object('type', 'auth', 'log_id', :log::text))
                           else errors end
      """
              .formatted(WITHOUT_ENTRY)
          + HELD;

  /**
   * Another attempt after the pause.
   *
   * @param visible whether the connection's errors say so
   * @return false if the claim is not this one any more: nothing was written
   */
  boolean postpone(Handle transaction, Claim claim, Duration pause, boolean visible) {
    return transaction
            .createUpdate(POSTPONE)
            .bind("id", claim.connection())
            .bind("until", claim.until())
            .bind("attempt", claim.attempt())
            .bind("pause", pause.toMillis())
            .bind("visible", visible)
            .bind("log", entry(claim))
            .execute()
        == 1;
  }

  /** What the log line and the connection's errors have in common. */
  static String entry(Claim claim) {
    return "connection_created_" + claim.connection();
  }
}
