package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.TestDatabase;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The plans that docs/records.md prints, with and without statistics. Run with {@code
 * -Dserai.print=true} to print them.
 */
class RecordPlansTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final int ROWS = 50_000;

  /** The statistics know another collection of the same partition, and this one not at all. */
  private static final String FILL_ANOTHER =
      """
      insert into record (collection, external_id, version, added_version, hash, bytes, first_seen_at, last_modified_at, last_action)
      select o.id, i::text, i, i, '', 0, 'epoch', 'epoch', 'a'
      from (select n::bigint as id from generate_series(2, 1000) n
            where satisfies_hash_partition('record'::regclass, 16, 8, n::bigint) limit 1) o, generate_series(1, 20000) i
      """;

  private static final String FILL =
      """
      insert into record (collection, external_id, stream, version, added_version, hash, data, bytes,
        first_seen_at, last_modified_at, last_action)
      select 1, i::text, 'things', i, i, sha256(i::text::bytea), jsonb_build_object('id', i::text, 'text', repeat('x', 500)),
        520, 'epoch'::timestamptz + i / 1000 * interval '1 s', 'epoch'::timestamptz + i / 1000 * interval '1 s', 'a'
      from generate_series(1, %d) i
      """;

  private static final String FEED =
      FeedStore.sql(
          1,
          new FeedStore.Position(48_000_000, 48_500),
          new RecordQuery(
              new CollectionKey(1, "Thing", "base"), null, null, Set.of(), List.of(), 500),
          501);

  private Records records;

  @BeforeEach
  void fill() {
    records = new Records(postgres.database());
    records.execute(FILL.formatted(ROWS));
  }

  @Test
  void statistics_that_know_only_other_collections_mislead_nobody() {
    records.execute("delete from record");
    records.execute(FILL_ANOTHER);
    records.execute("analyze record");
    records.execute(FILL.formatted(ROWS));

    assertThat(explain(false, LookUpStore.LOOK_UP))
        .anyMatch(line ->
            line.contains("Index Cond: ((collection = ") && line.contains("external_id = u.id"));
    for (String sql : List.of(FEED, AnnouncementStore.CHANGES)) {
      assertThat(explain(false, sql))
          .as(sql)
          .anyMatch(line -> line.contains("Index Cond: (((- collection) = "))
          .noneMatch(line -> line.contains("Sort"));
    }
  }

  @Test
  void a_look_up_probes_the_primary_key_once_per_id() {
    for (boolean analysed : new boolean[] {false, true}) {
      List<String> plan = explain(analysed, LookUpStore.LOOK_UP);

      assertThat(plan)
          .as("analysed " + analysed)
          .anyMatch(line ->
              line.contains("Index Cond: ((collection = ") && line.contains("external_id = u.id"));
      assertThat(plan)
          .noneMatch(line -> line.contains("Seq Scan on record") || line.contains("Hash"));
    }
  }

  @Test
  void a_change_goes_from_the_new_values_to_the_places_of_the_rows() {
    for (boolean analysed : new boolean[] {false, true}) {
      List<String> plan = explain(analysed, RecordStore.REVISE);

      assertThat(plan)
          .as("analysed " + analysed)
          .anyMatch(line -> line.matches(".*TID Cond: \\((ctid = u.place|u.place = ctid)\\).*"));
      assertThat(plan)
          .noneMatch(line -> line.contains("Seq Scan on record") || line.contains("Hash"));
    }
  }

  @Test
  void the_feed_is_read_from_the_change_index_in_its_order() {
    for (boolean analysed : new boolean[] {false, true}) {
      List<String> plan = explain(analysed, FEED);

      assertThat(plan)
          .as("analysed " + analysed)
          .anyMatch(line ->
              line.contains("Index Cond: (((- collection) = ")
                  && line.contains("(ROW(last_modified_at, version) > "));
      assertThat(plan)
          .noneMatch(line -> line.contains("Seq Scan on record") || line.contains("Sort"));
      assertThat(plan)
          .as("only the rows of a chunk are read, twice")
          .filteredOn(line -> line.contains("Index Scan") && line.contains("actual"))
          .hasSize(2)
          .allMatch(line -> line.contains("rows=501.00") || line.contains("rows=502.00"));
    }
  }

  @Test
  void an_announcement_reads_only_what_is_unannounced() {
    records.execute("analyze record");

    List<String> plan = explain(true, AnnouncementStore.CHANGES);

    assertThat(plan)
        .anyMatch(line ->
            line.contains("Index Cond: (((- collection) = ")
                && line.contains("(ROW(last_modified_at, version) > "));
  }

  private List<String> explain(boolean analysed, String sql) {
    if (analysed) {
      records.execute("analyze record");
    }
    List<String> plan =
        postgres
            .database()
            .inTransaction(tx -> {
              if (sql.equals(FEED) || sql.equals(AnnouncementStore.CHANGES)) {
                tx.execute(ChangeIndex.WALKED);
              }
              List<String> lines = sql.equals(RecordStore.REVISE) ? revise(tx) : explained(tx, sql);
              tx.rollback();
              return lines;
            });
    if (Boolean.getBoolean("serai.print")) {
      System.out.println(analysed ? "-- with statistics" : "-- without statistics");
      plan.forEach(System.out::println);
    }
    return plan;
  }

  private static List<String> explained(Handle handle, String sql) {
    if (sql.equals(FEED)) {
      return handle
          .createQuery("explain (analyze, buffers off, summary on) " + sql)
          .mapTo(String.class)
          .list();
    }
    String[] ids = new String[1_000];
    byte[][] hashes = new byte[1_000][];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = String.valueOf(1 + i * (ROWS / 1_000));
      hashes[i] = new byte[16];
    }
    return handle
        .createQuery("explain (analyze, buffers off, summary on) " + sql)
        .bind("ids", SqlArguments.of("text", ids))
        .bind("hashes", SqlArguments.of("bytea", hashes))
        .bind(
            "noted",
            handle.select("select clock_timestamp()").mapTo(java.time.OffsetDateTime.class).one())
        .bind("writer", "p")
        .bind("collection", 1L)
        .bind("stream", "things")
        .bind("key", (Long) null)
        .bind("recipe", (Integer) null)
        .bind("partition", "")
        .bind(
            "at",
            handle
                .select("select 'epoch'::timestamptz + interval '48 s'")
                .mapTo(java.time.OffsetDateTime.class)
                .one())
        .bind("version", 48_500L)
        .bind("actions", SqlArguments.of("text", new String[] {"a", "u", "d"}))
        .mapTo(String.class)
        .list();
  }

  private static List<String> revise(Handle handle) {
    String values =
        """
        unnest((select array_agg(place) from picked), (select array_agg(external_id) from picked),
          (select array_agg(version + 100000) from picked), (select array_agg('u'::text) from picked),
          (select array_agg(true) from picked), (select array_agg(hash) from picked),
          (select array_agg(null::bytea) from picked),
          (select array_agg(convert_to(data::text, 'UTF8')) from picked), (select array_agg(bytes) from picked))\
        """;
    handle.execute(
        "create temp table picked on commit drop as select ctid as place, external_id, version, hash, data, bytes from record"
            + " where collection = 1 and version % 50 = 0");
    for (String setting : RecordStore.PINNED.split(";")) {
      if (!setting.isBlank()) {
        handle.execute(setting);
      }
    }
    String sql =
        RecordStore.REVISE
            .replace("unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            .replace(
                "?::text, ?::timestamptz, ?::timestamptz, ?::text, ?::text, ?::bigint, ?::int",
                "'p', clock_timestamp(), clock_timestamp(), 'things', '', null::bigint, null::int")
            .replace("r.collection = ?", "r.collection = 1");
    return handle
        .createQuery("explain (analyze, buffers off, summary on) " + sql)
        .mapTo(String.class)
        .list();
  }
}
