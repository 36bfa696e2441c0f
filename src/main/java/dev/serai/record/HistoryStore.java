package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.FeedStore.Position;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Consumer;

/** Reads what became what. */
final class HistoryStore {
  /** Where a row's columns stand; the first three as {@link RecordListing} wants them. */
  static final class Column {
    static final int AT = RecordListing.STAMP;
    static final int VERSION = RecordListing.VERSION;
    static final int ID = 3;
    static final int ACTION = 4;
    static final int TOLD = 5;
    static final Payloads.Columns BEFORE = new Payloads.Columns(ID, 6, 7, 8);
    static final Payloads.Columns AFTER = new Payloads.Columns(ID, 9, 10, 11);
    static final int COUNT = 12;

    private Column() {}
  }

  private static final String ANY =
      "select exists (select from record_history where collection = :collection)";

  /**
   * Stamps never fall as versions rise, so a stamp's place is found by halving: no index on stamps
   * is written for it. What lies at or below {@code low} is older, what lies above {@code high} is
   * not.
   */
  private static final String VERSION_BEFORE =
      """
      with recursive search(low, high) as (
        select 0::bigint, cast(:version as bigint)
        union all
        select case when p.at < :stamp then p.version else low end, case when p.at < :stamp then high else mid end
        from search
        cross join lateral (select (low + high) / 2 as mid) m
        left join lateral (
          select version, at from record_history
          where collection = :collection and version > mid and version <= high
          order by version limit 1) p on true
        where low < high)
      select low from search where low = high
      """;

  private static final String CHANGES =
      """
      select at, version, bytes, external_id, action, told, before, before_sealed, before_key, after, after_sealed, after_key
      from (
        select *, sum(bytes) over (order by version rows unbounded preceding) as total
        from (
          select *, (coalesce(octet_length(before::text), octet_length(before_sealed), 0)
            + coalesce(octet_length(after::text), octet_length(after_sealed), 0))::int as bytes
          from record_history
          where collection = %1$d and version > %2$d and %3$s
          order by version limit %4$d) h) w
      where total - bytes < %5$d
      order by version
      """;

  private final Database database;

  HistoryStore(Database database) {
    this.database = database;
  }

  boolean any(long collection) {
    return database.read(handle ->
        handle.createQuery(ANY).bind("collection", collection).mapTo(Boolean.class).one());
  }

  /** The highest version, up to the given one, whose change is older than a stamp. */
  long versionBefore(long collection, long version, OffsetDateTime stamp) {
    return database.inTransaction(transaction -> {
      transaction.execute(ChangeIndex.WALKED);
      return transaction
          .createQuery(VERSION_BEFORE)
          .bind("collection", collection)
          .bind("version", version)
          .bind("stamp", SqlArguments.exact(stamp))
          .mapTo(Long.class)
          .one();
    });
  }

  /**
   * The next changes after a place, at most {@code limit}, and {@link FeedStore#MOST_BYTES} of
   * images.
   */
  void changes(long collection, Position after, Filter filter, int limit, Consumer<CopyRow> rows) {
    String sql = sql(collection, after, filter, limit);
    database.useTransaction(transaction -> {
      transaction.execute(ChangeIndex.WALKED);
      CopyOutput.read(transaction, sql, Column.COUNT, rows);
    });
  }

  /**
   * What to leave out.
   *
   * @param ids only these; empty: none is left out
   * @param untold false: changes outside the watched fields
   */
  record Filter(List<String> ids, boolean untold) {
    private String condition() {
      String told = untold ? "true" : "told";
      return ids.isEmpty()
          ? told
          : told + " and external_id = any(array[%s]::text[])".formatted(FeedStore.texts(ids));
    }
  }

  static String sql(long collection, Position after, Filter filter, int limit) {
    return CHANGES.formatted(
        collection, after.version(), filter.condition(), limit, FeedStore.MOST_BYTES);
  }
}
