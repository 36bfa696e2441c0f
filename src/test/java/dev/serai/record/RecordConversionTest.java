package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.database.Database;
import dev.serai.record.RecordConversion.Converted;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordConversionTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  /** What may be in a payload and must come back to the last digit. */
  private static final String ODD =
      "{\"id\":\"odd\",\"far\":1e5000,\"near\":-0.000000000000000000001,\"zero\":-0.0,\"big\":9007199254740993,"
          + "\"text\":\"\\u00e9 \\ud83d\\ude00 \\\\ \\\" \\u2028\",\"deep\":[[{\"b\":1.10,\"a\":[]}]]}";

  /** What a conversion must not touch. */
  private static final String METADATA =
      """
      select concat_ws('|', external_id, version, added_version, last_modified_at, first_seen_at, last_action, writer,
        stream, bytes, deleted_at, pruned_at, told_version) from record order by external_id
      """;

  private static final String HISTORY =
      """
      select concat_ws('|', version, external_id, action, at, told, before_key is not null, before is not null)
      from record_history order by version
      """;

  private Database database;
  private Records look;
  private SealedRooms plain;
  private SealedRooms sealed;
  private long ann;

  @BeforeEach
  void start() {
    database = postgres.database();
    look = new Records(database);
    plain = SealedRooms.of(database, false);
    sealed = SealedRooms.of(database, true);
    ann = TestKeys.connection(database, "ann");
  }

  /** 1,200 notes: all changed once, some deleted, some pruned, one odd, two refused. */
  private void fill(SealedRooms by) {
    by.page(ann, SealedRooms.notes(1_200, "canary"));
    by.page(ann, SealedRooms.notes(1_200, "canary again"), Records.save("Note", ODD));
    by.page(ann, Records.delete("Note", "n3", "n4"));
    by.page(
        ann,
        Records.save(
            "Note", "{\"id\":\"bad\",\"text\":\"canary \\u0000\"}", "{\"text\":\"canary\"}"));
    look.execute(
        "update record set data = null, sealed = null, bytes = 0, pruned_at = now() where external_id in ('n5', 'n6')");
  }

  private List<String> everything() {
    return look.all(
        """
        select external_id || ' ' || coalesce(data::text, '') || encode(hash, 'hex') from record
        union all select version || ' ' || coalesce(before::text, '') || ' ' || coalesce(after::text, '') from record_history
        union all select identified || external_id || coalesce(raw, '') from quarantine order by 1
        """);
  }

  @Test
  void payloads_are_sealed_and_come_back_as_they_were_and_nothing_else_moves() {
    fill(plain);
    List<String> before = everything();
    List<String> metadata = look.all(METADATA);
    String announced = look.all("select version || ' ' || last_at from collection").getFirst();

    Converted there = sealed.convert();

    assertThat(there.left()).isZero();
    assertThat(there.rows()).isEqualTo(1_201 + 2_403 + 2);
    assertThat(look.all("select data::text from record where data is not null")).isEmpty();
    assertThat(look.all("select raw from quarantine where raw is not null")).isEmpty();
    assertThat(
            look.all(
                "select version::text from record_history where before is not null or after is not null"))
        .isEmpty();
    assertThat(look.one("select count(*) from record where key is null", Long.class)).isZero();
    assertThat(look.all(METADATA)).isEqualTo(metadata);
    assertThat(look.all("select version || ' ' || last_at from collection"))
        .containsExactly(announced);
    assertThat(look.all("select converted from collection")).containsExactly("sealed/0");

    Converted back = plain.convert();

    assertThat(back.rows()).isEqualTo(1_199 + 2_403 + 2);
    assertThat(look.all("select external_id from record where key is not null order by 1"))
        .as("pruned: nothing is left to hash anew")
        .containsExactly("n5", "n6");
    assertThat(everything())
        .filteredOn(row -> !row.startsWith("n5 ") && !row.startsWith("n6 "))
        .isEqualTo(
            before.stream()
                .filter(row -> !row.startsWith("n5 ") && !row.startsWith("n6 "))
                .toList());
    assertThat(look.all(METADATA)).isEqualTo(metadata);
    assertThat(look.all("select converted from collection")).containsExactly("plain/0");
  }

  @Test
  void what_is_read_again_is_unchanged_in_whatever_form_it_is_stored() {
    fill(plain);
    Counts first = again(plain);
    Counts notYetSealed = again(sealed);
    sealed.convert();
    Counts sealedNow = again(sealed);
    Counts notYetPlain = again(plain);
    plain.convert();
    Counts plainNow = again(plain);

    Counts same = new Counts(0, 0, 0, 1_199, 0, 0, 0, 0);
    assertThat(List.of(first, notYetSealed, sealedNow, notYetPlain, plainNow)).containsOnly(same);
  }

  /** All but what was deleted; the pruned ones too. */
  private Counts again(SealedRooms by) {
    return by.page(
        ann,
        SealedRooms.notes(0, 3, "canary again"),
        SealedRooms.notes(5, 1_200, "canary again"),
        Records.save("Note", ODD));
  }

  @Test
  void another_list_of_ignored_fields_reaches_what_is_stored_and_changes_nothing() {
    fill(sealed);
    SealedRooms ignoring = SealedRooms.of(database, true, "viewed");
    SealedRooms ignoringPlain = SealedRooms.of(database, false, "viewed");
    List<String> metadata = look.all(METADATA);

    assertThat(ignoring.convert().left()).isZero();

    assertThat(look.all(METADATA)).isEqualTo(metadata);
    assertThat(
            look.all(
                "select distinct coalesce(recipe, 0)::text from record where pruned_at is null"))
        .containsExactly("1");
    assertThat(viewed(ignoring)).isEqualTo(new Counts(0, 0, 0, 1_193, 0, 0, 0, 0));

    assertThat(ignoringPlain.convert().left()).isZero();

    assertThat(look.all(METADATA)).isEqualTo(metadata);
    assertThat(viewed(ignoringPlain)).isEqualTo(new Counts(0, 0, 0, 1_193, 0, 0, 0, 0));
    assertThat(again(plain)).as("the old recipe").isEqualTo(new Counts(0, 0, 0, 1_199, 0, 0, 0, 0));
  }

  /** The same notes, looked at since. */
  private Counts viewed(SealedRooms by) {
    return by.page(
        ann,
        Records.save(
            "Note",
            java.util.stream.IntStream.range(7, 1_200)
                .mapToObj(i ->
                    "{\"id\":\"n%d\",\"text\":\"canary again %d\",\"viewed\":\"today\",\"size\":%d.5}"
                        .formatted(i, i, i))
                .toArray(String[]::new)));
  }

  @Test
  void a_node_that_dies_between_two_chunks_goes_on_where_it_was() {
    fill(plain);
    AtomicInteger chunks = new AtomicInteger();
    long rows = 0;

    for (int lives = 0; lives < 30; lives++) {
      rows += sealed.conversion().convert(() -> chunks.incrementAndGet() % 2 == 1).rows();
    }

    assertThat(rows).as("each once").isEqualTo(1_201 + 2_403 + 2);
    assertThat(look.all("select converted from collection")).containsExactly("sealed/0");
    assertThat(look.all("select converted_after from collection where converted_after is not null"))
        .isEmpty();
  }

  @Test
  void two_nodes_convert_beside_writers_and_every_row_ends_sealed_and_right() throws Exception {
    fill(plain);
    List<Future<Long>> converted = new ArrayList<>();
    AtomicInteger round = new AtomicInteger();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writing =
          pool.submit(() -> {
            for (int i = 0; i < 60; i++) {
              int from = 10 + i * 13;
              sealed.page(ann, SealedRooms.notes(from, from + 100, "round " + i));
              round.incrementAndGet();
            }
          });
      for (int node = 0; node < 2; node++) {
        SealedRooms own = SealedRooms.of(database, true);
        converted.add(pool.submit(() -> own.convert().rows()));
      }
      writing.get();
    }

    long rows = converted.get(0).get() + converted.get(1).get();
    assertThat(look.all("select converted from collection")).containsExactly("sealed/0");
    assertThat(
            look.one(
                "select count(*) from record where key is null or data is not null", Long.class))
        .isZero();
    assertThat(
            look.one(
                "select count(*) from record_history where before is not null or after is not null",
                Long.class))
        .isZero();
    assertThat(rows).isBetween(100L, 1_201L + 2_403 + 2 + 6_000);
    plain.convert();
    for (int i = 0; i < 60; i++) {
      int id = 10 + i * 13;
      assertThat(
              look.one(
                  "select data ->> 'text' from record where external_id = 'n" + id + "'",
                  String.class))
          .startsWith("round " + i + " ");
    }
    Map<String, Object> versions =
        look.row("select count(distinct version) as different, count(*) as all from record");
    assertThat(versions.get("different")).isEqualTo(versions.get("all"));
  }

  @Test
  void a_node_with_the_old_setting_cannot_leave_plain_rows_behind_a_finished_conversion() {
    fill(plain);
    sealed.convert();

    plain.page(ann, SealedRooms.notes(10, 20, "written by the node that was not restarted yet"));

    assertThat(look.one("select converted is null from collection", Boolean.class)).isTrue();
    assertThat(sealed.convert().rows()).isEqualTo(10 + 10);
    assertThat(look.all("select data::text from record where data is not null")).isEmpty();
    sealed.page(ann, Records.delete("Note", "n10"));
    assertThat(look.all("select converted from collection"))
        .as("a deletion writes no payload")
        .containsExactly("sealed/0");
  }

  @Test
  void what_a_deleted_connection_has_sealed_is_not_unsealed_by_a_node_that_remembers_the_key() {
    fill(sealed);
    long key = look.one("select distinct key from record", Long.class);
    assertThat(plain.keys().key(key).id()).isEqualTo(key);
    AtomicInteger chunks = new AtomicInteger();

    plain
        .conversion()
        .convert(() -> {
          if (chunks.incrementAndGet() == 3) {
            look.execute("update connection set deleted_at = now(); delete from data_key");
          }
          return true;
        });

    assertThat(look.one("select count(*) from record where sealed is not null", Long.class))
        .as("of 1,199, in chunks of 500")
        .isEqualTo(1_199 - 998);
    assertThat(plain.keys().key(key).id()).as("still remembered").isEqualTo(key);
  }

  @Test
  void a_row_that_was_tampered_with_stays_as_it_is_and_holds_nothing_up() {
    fill(sealed);
    look.execute(
        "update record set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where external_id = 'n100'");
    look.execute(
        "update record set hash = '\\x00112233445566778899aabbccddeeff' where external_id = 'n101'");

    Converted done = plain.convert();

    assertThat(done.left()).isEqualTo(2);
    assertThat(look.all("select external_id from record where sealed is not null order by 1"))
        .containsExactly("n100", "n101");
    assertThat(plain.convert()).as("not tried every minute").isEqualTo(Converted.NOTHING);
  }
}
