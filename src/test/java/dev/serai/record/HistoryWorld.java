package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.record.Step.Content;
import dev.serai.record.Step.Fate;
import dev.serai.record.Step.Mention;
import dev.serai.record.Step.Word;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** One collection that lives through one history, in PostgreSQL and in the model, side by side. */
final class HistoryWorld {
  private final Database database;
  private final TestKeys keys;
  private final RecordPruning pruning;
  private final Announcements announcements = new Announcements();
  private final CollectionKey key;
  private RecordWriter writer;
  private final HistoryModel model = new HistoryModel();
  private final List<OffsetDateTime> clock = new ArrayList<>();
  private final List<Long> versions = new ArrayList<>();
  private final List<HistoryReader> readers;

  HistoryWorld(Database database, TestKeys keys, long connection) {
    this.database = database;
    this.keys = keys;
    turn(new Step.Turn(Step.Rules.NONE, false));
    this.pruning = new RecordPruning(database);
    this.key = new CollectionKey(connection, "Thing", CollectionKey.BASE);
    RecordReader reader = new RecordReader(database, keys);
    this.readers = List.of(new HistoryReader(reader, key), new HistoryReader(reader, key));
    look();
  }

  void live(List<Step> steps) throws Exception {
    for (Step step : steps) {
      take(step);
      look();
    }
    announce();
    for (HistoryReader reader : readers) {
      reader.follow(3, Integer.MAX_VALUE);
      reader.agreesWith(model);
    }
    verify();
  }

  private void take(Step step) throws Exception {
    switch (step) {
      case Step.Write write -> write(write);
      case Step.Missed missed -> missed(missed);
      case Step.Announce() -> announce();
      case Step.Follow follow ->
          readers.get(follow.reader()).follow(follow.limit(), follow.listings());
      case Step.Prune(int reader, int limit) -> prune(readers.get(reader).cursor(), limit);
      case Step.Empty(String stream) -> empty(stream);
      case Step.Turn turn -> turn(turn);
    }
  }

  private void turn(Step.Turn turn) {
    model.rules = turn.rules();
    writer =
        new RecordWriter(
            database,
            Models.unifiedOnly(),
            (provider, name) -> turn.rules().policy,
            new TestKeys(keys.keys(), turn.sealed()));
  }

  /** What a page notes before it is asked for, and a full read before it begins. */
  private void look() {
    clock.add(database.now());
    versions.add(number("select coalesce(max(version), 0) from collection where connection = :c"));
  }

  private int now() {
    return clock.size();
  }

  private int before(int steps) {
    return Math.max(0, now() - 1 - steps);
  }

  private void write(Step.Write step) {
    int noted = before(step.ago());
    String stream = step.writer() == Writer.PAGE ? step.stream() : null;
    Prepared prepared =
        writer.prepare(
            new RecordWriter.Write(
                key.connection(),
                key.variant(),
                stream,
                "",
                step.writer(),
                clock.get(noted),
                1,
                batches(step.mentions())));
    Map<Integer, Mention> last = new LinkedHashMap<>();
    for (Mention mention : step.mentions()) {
      last.remove(mention.id()); // its last mention counts, and stands where that stands
      last.put(mention.id(), mention);
    }
    int duplicates = step.mentions().size() - last.size();

    if (step.fate() == Fate.ROLLED_BACK_FIRST) {
      Map<String, String> places = places();
      database.useTransaction(tx -> {
        writer.commit(tx, prepared);
        tx.rollback();
      });
      assertThat(places()).isEqualTo(places);
    }
    for (int time = step.fate() == Fate.ANSWER_LOST ? 2 : 1; time > 0; time--) {
      Map<String, String> places = places();
      Map<Integer, HistoryModel.Row> rows = Map.copyOf(model.rows);
      model.counts.clear();
      last.values().forEach(mention -> say(mention, step.writer(), stream, noted));
      Counts counts = database.inTransaction(tx -> writer.commit(tx, prepared));
      assertThat(counts).isEqualTo(counts(last, duplicates));
      assertThat(moved(places)).as("rows written").isEqualTo(changed(rows));
    }
  }

  private void say(Mention mention, Writer by, String stream, int noted) {
    switch (mention.word()) {
      case SAVE -> model.save(mention.id(), mention.content(), by, stream, noted, now());
      case DELETE -> model.delete(mention.id(), by, stream, noted, now());
      case BREAK -> model.quarantined.put(mention.id(), String.valueOf(stream));
    }
  }

  private Counts counts(Map<Integer, Mention> last, int duplicates) {
    long broken = last.values().stream().filter(m -> m.word() == Word.BREAK).count();
    Map<Character, Integer> did = model.counts;
    return new Counts(
        did.getOrDefault('a', 0),
        did.getOrDefault('u', 0),
        did.getOrDefault('d', 0),
        did.getOrDefault('=', 0),
        broken,
        duplicates,
        did.getOrDefault('s', 0),
        did.getOrDefault('q', 0));
  }

  private static List<Batch> batches(List<Mention> mentions) {
    List<Batch> batches = new ArrayList<>();
    for (Mention mention : mentions) {
      batches.add(
          mention.word() == Word.DELETE
              ? new Batch.Delete("Thing", List.of("" + mention.id()))
              : new Batch.Save("Thing", List.of(spelled(mention))));
    }
    return batches;
  }

  private static JsonNode spelled(Mention mention) {
    int how = mention.spelling();
    String number =
        List.of("%d", "%d.0", "%de0", "%d0e-1").get(how % 4).formatted(mention.content().n());
    String id = "\"id\":" + (how % 3 == 0 ? "" + mention.id() : "\"" + mention.id() + "\"");
    String n = mention.word() == Word.BREAK ? "\"n\":\"\\u0000\"" : "\"n\":" + number;
    String text = how % 2 == 0 ? "\"t\":\"\\u00e4\"" : "\"t\":\"ä\"";
    String rest =
        "\"side\":%d,\"noise\":%d".formatted(mention.content().side(), mention.content().noise());
    return Json.parse(
        "{"
            + (how % 5 < 2
                ? String.join(",", id, n, text, rest)
                : String.join(",", text, rest, n, id))
            + "}");
  }

  private void missed(Step.Missed step) {
    int began = before(step.ago());
    Long collection = collection();
    if (collection == null) {
      return;
    }
    model.counts.clear();
    step.ids().stream().distinct().forEach(id -> model.missed(id, began, now()));
    List<String> ids = step.ids().stream().map(String::valueOf).toList();
    long deleted =
        database.inTransaction(
            tx -> writer.deleteMissing(tx, collection, ids, versions.get(began)));
    assertThat(deleted).isEqualTo((long) model.counts.getOrDefault('d', 0));
  }

  private void announce() {
    Set<Long> ids = collection() == null ? Set.of() : Set.of(collection());
    var taken = database.inTransaction(tx -> announcements.take(tx, ids));
    assertThat(taken).hasSize(model.news.isEmpty() ? 0 : 1);
    taken.forEach(one -> {
      assertThat(List.of(one.added(), one.updated(), one.deleted()))
          .isEqualTo(List.of(news('a'), news('u'), news('d')));
      assertThat(listed(one.modifiedAfter().toString()))
          .as("listed from modifiedAfter")
          .containsAll(model.news.keySet().stream().map(String::valueOf).toList());
    });
    model.news.clear();
  }

  private long news(char action) {
    return model.news.values().stream().filter(word -> word == action).count();
  }

  private List<String> listed(String modifiedAfter) {
    return all(
        "select external_id from record r join collection c on c.id = r.collection"
            + " where c.connection = :c and last_modified_at >= '"
            + modifiedAfter
            + "'");
  }

  private void prune(String cursor, int limit) {
    if (cursor != null) {
      pruning.prune(key, cursor, limit);
    }
  }

  private void empty(String stream) {
    boolean more = true;
    while (more) {
      more =
          database.inTransaction(
              tx -> pruning.emptyChunk(tx, key.connection(), key.variant(), stream));
    }
    model.empty(stream);
  }

  /** Where each row lies and who wrote it there: moves if and only if the row is written. */
  private Map<String, String> places() {
    return database.read(handle ->
        handle
            .createQuery(
                "select external_id, concat(r.ctid, r.xmin) from record r join collection c on c.id = r.collection where c.connection = :c")
            .bind("c", key.connection())
            .reduceRows(
                new TreeMap<String, String>(),
                (map, row) -> {
                  map.put(row.getColumn(1, String.class), row.getColumn(2, String.class));
                  return map;
                }));
  }

  private Set<String> moved(Map<String, String> before) {
    Set<String> moved = new TreeSet<>();
    places()
        .forEach((id, place) -> {
          if (!place.equals(before.get(id))) {
            moved.add(id);
          }
        });
    return moved;
  }

  private Set<String> changed(Map<Integer, HistoryModel.Row> before) {
    Set<String> changed = new TreeSet<>();
    model.rows.forEach((id, row) -> {
      if (!row.equals(before.get(id))) {
        changed.add("" + id);
      }
    });
    return changed;
  }

  private void verify() {
    List<String> wanted = new ArrayList<>();
    model.rows.forEach((id, row) -> wanted.add(wanted(id, row)));
    assertThat(database.<List<String>>read(this::stored)).isEqualTo(wanted);
    assertThat(
            all(
                "select external_id from quarantine q join collection c on c.id = q.collection where c.connection = :c order by 1"))
        .isEqualTo(model.quarantined.keySet().stream().map(String::valueOf).toList());
    assertThat(
            all(
                """
                select format('%s %s %s %s', c.version,
                  c.live - count(*) filter (where r.version > 0 and deleted_at is null), c.deleted - count(deleted_at),
                  c.bytes - coalesce(sum(r.bytes), 0))
                from collection c left join record r on r.collection = c.id where c.connection = :c group by c.id\
                """))
        .as("version, then what the totals are wrong by")
        .allMatch(totals -> totals.equals(model.version + " 0 0 0"));
    assertThat(database.<Map<Long, HistoryModel.Image>>read(this::images)).isEqualTo(model.images);
  }

  private static String wanted(int id, HistoryModel.Row row) {
    return "%d %s v%d by %s".formatted(id, row.live(), row.version(), row.owner());
  }

  /** Rows as the model writes them, after their contents were looked at. */
  private List<String> stored(Handle handle) {
    return handle
        .createQuery(
            """
            select external_id, deleted_at is null as live, r.version, stream, data, sealed, key, r.collection
            from record r join collection c on c.id = r.collection where c.connection = :c order by external_id\
            """)
        .bind("c", key.connection())
        .map((row, context) -> {
          int id = row.getInt("external_id");
          Content content = content(row, "", id);
          HistoryModel.Row wanted = model.rows.get(id);
          assertThat(content == null || wanted == null || content.equals(wanted.content()))
              .as("%d holds %s: %s", id, content, wanted)
              .isTrue();
          return "%d %s v%d by %s"
              .formatted(
                  id, row.getBoolean("live"), row.getLong("version"), row.getString("stream"));
        })
        .list();
  }

  /**
   * What the kept history says; an image whose payload was pruned before is taken from the model.
   */
  private Map<Long, HistoryModel.Image> images(Handle handle) {
    Map<Long, HistoryModel.Image> images = new TreeMap<>();
    handle
        .createQuery(
            "select h.* from record_history h join collection c on c.id = h.collection where c.connection = :c")
        .bind("c", key.connection())
        .map((row, context) -> {
          int id = row.getInt("external_id");
          HistoryModel.Image wanted = model.images.get(row.getLong("version"));
          Content before = content(row, "before", id);
          boolean pruned = before == null && wanted != null;
          return images.put(
              row.getLong("version"),
              new HistoryModel.Image(
                  id,
                  row.getString("action").charAt(0),
                  row.getBoolean("told"),
                  pruned ? wanted.before() : before,
                  content(row, "after", id)));
        })
        .list();
    return images;
  }

  /** A payload, plain or sealed; null if there is none. */
  private Content content(ResultSet row, String which, int id) throws SQLException {
    String data = row.getString(which.isEmpty() ? "data" : which);
    byte[] sealed = row.getBytes(which.isEmpty() ? "sealed" : which + "_sealed");
    if (sealed != null) {
      assertThat(data).as("sealed and plain at once").isNull();
      long by = row.getLong(which.isEmpty() ? "key" : which + "_key");
      byte[] context = Sealing.context(row.getLong("collection"), by, "" + id);
      data = new String(keys.key(by).open(context, sealed), StandardCharsets.UTF_8);
    }
    if (data == null) {
      return null;
    }
    JsonNode json = Json.parse(data);
    return new Content(
        json.get("n").intValue(), json.get("side").intValue(), json.get("noise").intValue());
  }

  private Long collection() {
    return database.read(handle ->
        handle
            .createQuery("select id from collection where connection = :c")
            .bind("c", key.connection())
            .mapTo(Long.class)
            .findOne()
            .orElse(null));
  }

  private long number(String sql) {
    return database.read(
        handle -> handle.createQuery(sql).bind("c", key.connection()).mapTo(Long.class).one());
  }

  private List<String> all(String sql) {
    return database.read(
        handle -> handle.createQuery(sql).bind("c", key.connection()).mapTo(String.class).list());
  }
}
