package dev.serai.record;

import org.jdbi.v3.core.Handle;

/** Collections that begin where those of another connection end. */
final class SuccessionStore {
  private static final String BEGIN =
      """
      insert into collection (connection, model, variant, version, last_at, purged_through, history_through,
                              announced_version, announced_at)
      select :fresh, model, variant, version + 1, stamp, version + 1, version + 1, version + 1, stamp
        from (select *, greatest(clock_timestamp(), last_at + interval '1 microsecond') as stamp
                from collection where connection = :old) ended
      on conflict do nothing
      """;

  void begin(Handle transaction, long old, long fresh) {
    transaction.createUpdate(BEGIN).bind("old", old).bind("fresh", fresh).execute();
  }
}
