package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.RecordQuery.Action;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads the change feed. */
final class FeedStore {
  /** Payload bytes per query; one record may go beyond. */
  static final int MOST_BYTES = 1 << 20;

  /** Where a row's columns stand; the first three as {@link RecordListing} wants them. */
  static final class Column {
    static final int LAST_MODIFIED_AT = RecordListing.STAMP;
    static final int VERSION = RecordListing.VERSION;
    static final int ID = 3;
    static final int DATA = 4;
    static final int SEALED = 5;
    static final int KEY = 6;
    static final int FIRST_SEEN_AT = 7;
    static final int LAST_ACTION = 8;
    static final int DELETED_AT = 9;
    static final int PRUNED_AT = 10;
    static final int COUNT = 11;

    private Column() {}
  }

  private static final String COLUMNS =
      """
      last_modified_at, version, bytes, external_id, data, sealed, key, first_seen_at, last_action,
        deleted_at, pruned_at\
      """;

  private static final String FEED =
      """
      select id, model, version, last_at, purged_through, history_through from collection
      where connection = :connection and variant = :variant and lower(model) = lower(:model)
      order by model = :model desc limit 1
      """;

  /** Counts first, over the narrow columns, how many rows make up a chunk. */
  private static final String ROWS =
      """
      select %1$s from record where %2$s order by last_modified_at, version
      limit (
        select count(*) from (
          select bytes, sum(bytes) over (order by last_modified_at, version rows unbounded preceding) as total
          from record where %2$s order by last_modified_at, version limit %3$d) w
        where total - bytes < %4$d)
      """;

  private static final String AFTER =
      """
      collection = %1$d and -collection = -%1$d and (last_modified_at, version) > (%2$s, %3$d)
        and last_action = any('{%4$s}'::"char"[])\
      """;

  private static final String NAMED_ROWS =
      """
      select %1$s from (
        select r.*, sum(bytes) over (order by last_modified_at, version rows unbounded preceding) as total
        from (select distinct unnest(array[%3$s]::text[]) as id) u
        cross join lateral (select * from record where collection = %2$d and external_id = u.id offset 0) r
        where %4$s
        order by last_modified_at, version limit %5$d) w
      where total - bytes < %6$d
      order by last_modified_at, version
      """;

  private static final String COUNTS =
      "select model, live from collection where connection = :connection and variant = :variant";

  private final Database database;

  FeedStore(Database database) {
    this.database = database;
  }

  /** A collection as its readers see it. */
  record Feed(
      long id,
      String model,
      long version,
      OffsetDateTime lastAt,
      long purgedThrough,
      long historyThrough) {
    RecordCursor end() {
      return RecordCursor.at(lastAt, version, version);
    }

    /** True for a cursor ahead of everything that was ever committed here. */
    boolean lost(RecordCursor cursor) {
      return cursor.known() > version || cursor.stamp().isAfter(lastAt);
    }
  }

  /** From here on, exclusively; in microseconds since 1970. */
  record Position(long micros, long version) {
    static final Position BEGINNING = new Position(-1, -1);

    /** No version is below 1, so this includes the rows of the stamp itself. */
    static Position from(OffsetDateTime stamp) {
      return new Position(ChronoUnit.MICROS.between(Instant.EPOCH, stamp.toInstant()), -1);
    }

    /** Nothing is older than 1970. */
    private String literal() {
      return micros < 0
          ? "'-infinity'"
          : "'%s'".formatted(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
  }

  Optional<Feed> feed(CollectionKey key) {
    return database.read(handle ->
        handle
            .createQuery(FEED)
            .bindMethods(key)
            .map((row, context) ->
                new Feed(
                    row.getLong("id"),
                    row.getString("model"),
                    row.getLong("version"),
                    row.getObject("last_at", OffsetDateTime.class),
                    row.getLong("purged_through"),
                    row.getLong("history_through")))
            .findOne());
  }

  private static final String PURGED =
      "select purged_through, history_through from collection where id = :id";

  /** The highest version of a row that was removed; for ever, if the collection itself is gone. */
  long purgedThrough(long collection) {
    return through(collection, "purged_through");
  }

  /** The highest version whose history was removed; for ever, if the collection itself is gone. */
  long historyThrough(long collection) {
    return through(collection, "history_through");
  }

  private long through(long collection, String column) {
    return database.read(handle ->
        handle
            .createQuery(PURGED)
            .bind("id", collection)
            .map((row, context) -> row.getLong(column))
            .findOne()
            .orElse(Long.MAX_VALUE));
  }

  /** The next rows after a place, at most {@code limit}, and {@link #MOST_BYTES} of payload. */
  void rows(long collection, Position after, RecordQuery query, int limit, Consumer<CopyRow> rows) {
    String sql = sql(collection, after, query, limit);
    database.useTransaction(transaction -> {
      if (query.ids().isEmpty()) {
        transaction.execute(ChangeIndex.WALKED);
      }
      CopyOutput.read(transaction, sql, Column.COUNT, rows);
    });
  }

  static String sql(long collection, Position after, RecordQuery query, int limit) {
    Collection<Action> actions =
        query.filter().isEmpty() ? Arrays.asList(Action.values()) : query.filter();
    String condition =
        AFTER.formatted(
            collection,
            after.literal(),
            after.version(),
            actions.stream().map(Action::code).collect(Collectors.joining(",")));
    return query.ids().isEmpty()
        ? ROWS.formatted(COLUMNS, condition, limit, MOST_BYTES)
        : NAMED_ROWS.formatted(
            COLUMNS, collection, texts(query.ids()), condition, limit, MOST_BYTES);
  }

  /** As SQL that holds hexadecimal digits only; what no database text can be, names no record. */
  static String texts(List<String> values) {
    CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    return values.stream()
        .filter(value -> value.indexOf(0) < 0 && utf8.canEncode(value))
        .map(value -> HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)))
        .map("convert_from('\\x%s', 'UTF8')"::formatted)
        .collect(Collectors.joining(", "));
  }

  Map<String, Long> counts(long connection, String variant) {
    Map<String, Long> counts = new TreeMap<>();
    database.read(handle ->
        handle
            .createQuery(COUNTS)
            .bind("connection", connection)
            .bind("variant", variant)
            .map((row, context) -> counts.put(row.getString("model"), row.getLong("live")))
            .list());
    return counts;
  }
}
