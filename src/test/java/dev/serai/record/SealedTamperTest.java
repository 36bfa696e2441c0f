package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.SeraiException;
import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import dev.serai.vault.DataKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Somebody who can write to the database, and has no key, changes one bit of each sealed payload or
 * moves payloads about. Not one of them is served.
 */
class SealedTamperTest {
  /** Of each of two connections. */
  private static final int ROWS = 5_000;

  /** Of each, asked for one by one in every build. */
  private static final int ASKED = 200;

  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private Database database;
  private Records look;
  private SealedRooms node;
  private long ann;
  private long bob;

  @BeforeEach
  void fill() {
    database = postgres.database();
    look = new Records(database);
    node = SealedRooms.of(database, true);
    ann = TestKeys.connection(database, "ann");
    bob = TestKeys.connection(database, "bob");
    node.page(ann, SealedRooms.notes(ROWS, "canary of ann"));
    node.page(bob, SealedRooms.notes(ROWS, "canary of bob"));
    assertThat(opened()).isEqualTo(Map.of("served", 2 * ROWS));
  }

  @Test
  void one_flipped_bit_anywhere_in_a_payload_is_refused() {
    flipAndAsk(ASKED);
  }

  @Test
  @Tag("full")
  void each_of_ten_thousand_payloads_with_one_flipped_bit_is_refused_to_a_reader() {
    flipAndAsk(ROWS);
  }

  private void flipAndAsk(int count) {
    look.execute("select setseed(0.42)");
    look.execute(
        """
        update record set sealed = set_bit(sealed, u.bit, 1 - get_bit(sealed, u.bit))
        from (select collection as c, external_id as id, (random() * (length(sealed) * 8 - 1))::int as bit from record) u
        where collection = u.c and external_id = u.id
        """);

    Map<String, Integer> opened = opened();
    Map<String, Integer> asked = asked(node, count);

    assertThat(opened).isEqualTo(Map.of("unsealing_failed", 2 * ROWS));
    assertThat(asked).isEqualTo(Map.of("unsealing_failed", 2 * count));
    print("one bit flipped", opened, asked);
  }

  @Test
  void a_payload_of_another_connection_another_id_or_under_another_key_is_refused() {
    swap(
        "between connections, payload alone",
        "y.collection <> x.collection and y.external_id = x.external_id",
        "sealed = y.sealed");
    swap(
        "between connections, with its key",
        "y.collection <> x.collection and y.external_id = x.external_id",
        "sealed = y.sealed, key = y.key");
    swap(
        "between ids",
        "y.collection = x.collection and y.version = case when x.version % 2 = 1 then x.version + 1 else x.version - 1 end",
        "sealed = y.sealed");
    swap(
        "between keys",
        "y.collection <> x.collection and y.external_id = x.external_id",
        "key = y.key");
  }

  private void swap(String what, String with, String taken) {
    look.execute("create table kept as select * from record");
    look.execute(
        "update record r set %s from kept x, kept y where %s and r.collection = x.collection and r.external_id = x.external_id"
            .formatted(taken, with));

    Map<String, Integer> opened = opened();
    Map<String, Integer> asked = asked(node, ASKED);

    assertThat(opened).as(what).isEqualTo(Map.of("unsealing_failed", 2 * ROWS));
    assertThat(asked).as(what).isEqualTo(Map.of("unsealing_failed", 2 * ASKED));
    print("swapped " + what, opened, asked);
    look.execute(
        "update record r set sealed = x.sealed, key = x.key from kept x where r.collection = x.collection and r.external_id = x.external_id");
    look.execute("drop table kept");
    assertThat(opened()).isEqualTo(Map.of("served", 2 * ROWS));
  }

  @Test
  void what_was_refused_does_not_open_as_a_record_nor_a_record_as_what_was_refused() {
    node.page(ann, Records.save("Note", "{\"id\":\"n0\",\"text\":\"canary \\u0000\"}"));
    look.execute(
        """
        update record r set sealed = q.sealed from quarantine q
        where r.collection = q.collection and r.external_id = q.external_id
        """);

    assertThat(opened()).isEqualTo(Map.of("served", 2 * ROWS - 1, "unsealing_failed", 1));
  }

  @Test
  void payloads_of_a_deleted_connection_are_erased_though_they_still_lie_there() {
    SealedRooms other = SealedRooms.of(database, true);
    assertThat(asked(other, ASKED)).isEqualTo(Map.of("served", 2 * ASKED));

    database.useTransaction(transaction -> node.keys().keys().drop(transaction, ann));

    Map<String, Integer> opened = opened();
    Map<String, Integer> asked = asked(node, ASKED);
    assertThat(opened).isEqualTo(Map.of("served", ROWS, "data_key_gone", ROWS));
    assertThat(asked).isEqualTo(Map.of("served", ASKED, "data_key_gone", ASKED));
    assertThat(asked(SealedRooms.of(database, true), ASKED))
        .as("a node that starts afterwards")
        .isEqualTo(Map.of("served", ASKED, "data_key_gone", ASKED));
    print("key dropped", opened, asked);
  }

  /** What becomes of every payload with the key its row names. */
  private Map<String, Integer> opened() {
    record Row(long collection, String id, long key, byte[] sealed) {}
    List<Row> rows =
        database.read(handle ->
            handle
                .createQuery("select collection, external_id, key, sealed from record")
                .map((row, context) ->
                    new Row(row.getLong(1), row.getString(2), row.getLong(3), row.getBytes(4)))
                .list());
    Map<String, Integer> outcomes = new TreeMap<>();
    Set<Long> gone = new HashSet<>();
    for (Row row : rows) {
      if (gone.contains(row.key())) {
        outcomes.merge("data_key_gone", 1, Integer::sum);
        continue;
      }
      try {
        DataKey key = node.keys().key(row.key());
        byte[] plain =
            key.open(Sealing.context(row.collection(), row.key(), row.id()), row.sealed());
        assertThat(new String(plain, StandardCharsets.UTF_8)).contains("canary", row.id());
        outcomes.merge("served", 1, Integer::sum);
      } catch (SeraiException e) {
        outcomes.merge(e.code(), 1, Integer::sum);
        if (e.code().equals("data_key_gone")) {
          gone.add(row.key());
        }
      }
    }
    return outcomes;
  }

  /** What a reader is told who asks for the first records one by one. */
  private Map<String, Integer> asked(SealedRooms by, int count) {
    RecordReader reader = new RecordReader(database, by.keys());
    Map<String, Integer> outcomes = new TreeMap<>();
    for (long connection : List.of(ann, bob)) {
      for (int i = 0; i < count; i++) {
        outcomes.merge(ask(reader, connection, "n" + i), 1, Integer::sum);
      }
    }
    return outcomes;
  }

  private static String ask(RecordReader reader, long connection, String id) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String outcome = "served";
    try {
      reader.list(
          new RecordQuery(
              new CollectionKey(connection, "Note", CollectionKey.BASE),
              null,
              null,
              Set.of(),
              List.of(id),
              1),
          out);
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"text\":\"canary of ");
    } catch (SeraiException e) {
      assertThat(e).hasMessageContainingAll("A payload cannot be opened", id);
      assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("canary");
      outcome = e.code();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return outcome;
  }

  private static void print(String what, Map<String, Integer> opened, Map<String, Integer> asked) {
    System.out.printf("tampering, %s: opened %s, asked for by id %s%n", what, opened, asked);
  }
}
