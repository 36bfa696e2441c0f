package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows a run leaves behind when it ends or pauses. Called behind the fence only. */
final class RunEndStore {
  /** What the environment wants to hear besides changes. */
  record Wishes(boolean alwaysAnnounce, boolean announceFailures) {}

  private static final String WISHES =
      "select always_announce, announce_failures from environment where id = :environment";

  Wishes wishes(Handle handle, int environment) {
    return handle
        .createQuery(WISHES)
        .bind("environment", environment)
        .map((rs, ctx) -> new Wishes(rs.getBoolean(1), rs.getBoolean(2)))
        .one();
  }

  private static final String LAST_ERROR =
      """
      select coalesce(error_code, '') from sync_run
      where sync = :sync and phase = 'ended' order by id desc limit 1
      """;

  /** The error code of the run before this one; empty text if it had none. */
  Optional<String> lastError(Handle handle, long sync) {
    return handle.createQuery(LAST_ERROR).bind("sync", sync).mapTo(String.class).findOne();
  }

  private static final String COLLECTIONS =
      """
      select id from collection
      where connection = :connection and variant = :variant and lower(model) = any(:models)
      """;

  /** Collections of the models a sync declares: an action may have written there unannounced. */
  Set<Long> collections(Handle handle, long connection, String variant, Collection<String> models) {
    return new HashSet<>(
        handle
            .createQuery(COLLECTIONS)
            .bind("connection", connection)
            .bind("variant", variant)
            .bindArray(
                "models",
                String.class,
                models.stream().map(m -> m.toLowerCase(Locale.ROOT)).toArray())
            .mapTo(Long.class)
            .list());
  }

  private static final String TOUCHED = "select unnest(collections) from sync_run where id = :run";

  Set<Long> touched(Handle handle, long run) {
    return new HashSet<>(handle.createQuery(TOUCHED).bind("run", run).mapTo(Long.class).list());
  }

  private static final String CHECKPOINT = "select checkpoint from sync where id = :sync";

  @Nullable String checkpoint(Handle handle, long sync) {
    return handle
        .createQuery(CHECKPOINT)
        .bind("sync", sync)
        .mapTo(String.class)
        .findOne()
        .orElse(null);
  }

  private static final String END_RUN =
      """
      update sync_run
      set phase = 'ended', ended_at = clock_timestamp(), outcome = :outcome, results = cast(:results as jsonb),
          checkpoint_to = (select checkpoint from sync where id = sync_run.sync),
          error_code = :code, error_class = :class, error_message = :message
      where id = :run
      """;

  void endRun(
      Handle handle,
      long run,
      String outcome,
      ObjectNode results,
      Verdict.@Nullable Failed failure) {
    handle
        .createUpdate(END_RUN)
        .bind("outcome", outcome)
        .bind("results", Json.write(results))
        .bind("code", failure == null ? null : failure.code())
        .bind(
            "class", failure == null ? null : failure.errorClass().name().toLowerCase(Locale.ROOT))
        .bind("message", failure == null ? null : failure.message())
        .bind("run", run)
        .execute();
  }

  private static final String END_SYNC =
      """
      update sync
      set run = null, position = null, lease_token = null, lease_until = null, lease_node = null,
          due_at = case when trigger_requested then clock_timestamp() else :due end,
          failures = case when :failed then failures + 1 else 0 end,
          full_runs_ago = case when :fullDone then 0 when :succeeded then full_runs_ago + 1 else full_runs_ago end,
          full_at = case when :fullDone then clock_timestamp() else full_at end,
          fingerprint = case when :fullDone then :fingerprint else fingerprint end
      where id = :sync
      """;

  /**
   * @param fullDone a full read came to its end: the next one is counted from here
   */
  void endSync(
      Handle handle,
      long sync,
      Instant due,
      boolean succeeded,
      boolean failed,
      boolean fullDone,
      String fingerprint) {
    handle
        .createUpdate(END_SYNC)
        .bind("due", due)
        .bind("failed", failed)
        .bind("succeeded", succeeded)
        .bind("fullDone", fullDone)
        .bind("fingerprint", fingerprint)
        .bind("sync", sync)
        .execute();
  }

  private static final String SUSPEND_RUN =
      "update sync_run set error_code = :code, error_class = 'transient', error_message = :message where id = :run";

  private static final String SUSPEND_SYNC =
      """
      update sync
      set lease_token = null, lease_until = null, lease_node = null, failures = failures + 1, due_at = :due
      where id = :sync
      """;

  void suspend(Handle handle, Lease lease, long run, Verdict.Suspended why, Instant due) {
    handle
        .createUpdate(SUSPEND_RUN)
        .bind("code", why.code())
        .bind("message", why.message())
        .bind("run", run)
        .execute();
    handle.createUpdate(SUSPEND_SYNC).bind("due", due).bind("sync", lease.sync()).execute();
  }
}
