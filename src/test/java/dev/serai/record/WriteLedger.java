package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.database.Database;
import dev.serai.record.RecordWriter.Writer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Every version of every row, written down by a trigger in the transaction that made it; and the
 * question whether what the writers wanted explains it.
 */
final class WriteLedger {
  private final Database database;

  private WriteLedger(Database database) {
    this.database = database;
  }

  /**
   * What a committed write said of one row.
   *
   * @param content 0: it is to be deleted
   */
  record Claim(
      String transaction,
      Writer writer,
      OffsetDateTime noted,
      OffsetDateTime began,
      OffsetDateTime ended,
      String model,
      String id,
      int content) {
    String row() {
      return model + " " + id;
    }
  }

  /** One version of one row. */
  record Entry(
      String transaction,
      String model,
      String id,
      long version,
      char action,
      int content,
      char writer,
      OffsetDateTime stamp,
      OffsetDateTime known) {
    String row() {
      return model + " " + id;
    }

    boolean says(int claimed) {
      return claimed == 0 ? action == 'd' : action != 'd' && content == claimed;
    }
  }

  static WriteLedger open(Database database) {
    for (String statement :
        new String[] {
          "drop table if exists written cascade",
          """
          create table written (transaction text, collection bigint, id text, version bigint, action "char",
            content int, writer "char", stamp timestamptz, known timestamptz)
          """,
          """
          create or replace function write_down() returns trigger language plpgsql as $$
          begin
            if tg_op = 'INSERT' or new.version is distinct from old.version then
              insert into written values (pg_current_xact_id()::text, new.collection, new.external_id, new.version,
                new.last_action, (new.data->>'v')::int, new.writer, new.last_modified_at,
                coalesce(new.noted_at, new.last_modified_at));
            end if;
            return null;
          end $$
          """,
          "create or replace trigger write_down after insert or update on record for each row execute function write_down()"
        }) {
      database.useTransaction(handle -> handle.execute(statement));
    }
    return new WriteLedger(database);
  }

  /** Fails if a version cannot be explained; a sentence on what there was. */
  String explain(List<Claim> claims) {
    List<Entry> entries = entries();
    versionsAreWhole(entries);
    Map<String, Claim> byWrite =
        claims.stream()
            .collect(Collectors.toMap(c -> c.transaction() + c.row(), c -> c, (a, b) -> b));
    Map<String, OffsetDateTime> ends = new HashMap<>();
    claims.forEach(claim -> ends.put(claim.transaction(), claim.ended()));
    Map<String, List<Entry>> histories =
        entries.stream().collect(Collectors.groupingBy(Entry::row));
    histories.values().forEach(history -> eachVersionIsAChange(history, byWrite));
    long silent = 0;
    for (Claim claim : claims) {
      List<Entry> history = histories.getOrDefault(claim.row(), List.of());
      if (history.stream().noneMatch(e -> e.transaction().equals(claim.transaction()))) {
        silent++;
        assertThat(hadNothingToDo(claim, history, ends)).as("%s\n%s", claim, history).isTrue();
      }
    }
    return "%,d versions, %,d of %,d claims had nothing to do"
        .formatted(entries.size(), silent, claims.size());
  }

  private void versionsAreWhole(List<Entry> entries) {
    Map<String, List<Long>> versions =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    Entry::model, Collectors.mapping(Entry::version, Collectors.toList())));
    versions.forEach((model, found) ->
        assertThat(found)
            .as(model)
            .isEqualTo(LongStream.rangeClosed(1, found.size()).boxed().toList()));
  }

  private static void eachVersionIsAChange(List<Entry> history, Map<String, Claim> claims) {
    Entry before = null;
    for (Entry entry : history) {
      Claim claim = Objects.requireNonNull(claims.get(entry.transaction() + entry.row()));
      boolean live = before != null && before.action() != 'd';
      char action = claim.content() == 0 ? 'd' : live ? 'u' : 'a';
      assertThat(entry.action()).as("%s\n%s", claim, history).isEqualTo(action);
      assertThat(entry.says(claim.content())).as("%s\n%s", claim, history).isTrue();
      assertThat(before != null && before.says(claim.content()))
          .as("%s no change", entry)
          .isFalse();
      assertThat(claim.content() == 0 && !live).as("%s deletes nothing", entry).isFalse();
      assertThat(before != null && guards(before, claim))
          .as("%s is stale\n%s", entry, history)
          .isFalse();
      before = entry;
    }
  }

  private static boolean guards(Entry entry, Claim claim) {
    return claim.writer() != Writer.ACTION
        && entry.writer() != claim.writer().code()
        && entry.known().isAfter(claim.noted());
  }

  /**
   * At some moment of its transaction the row said so already, or another kind of writer knew more.
   */
  private static boolean hadNothingToDo(
      Claim claim, List<Entry> history, Map<String, OffsetDateTime> ends) {
    List<Entry> states = new ArrayList<>(history);
    boolean absentThen =
        history.isEmpty() || !ends.get(history.getFirst().transaction()).isBefore(claim.began());
    if (absentThen && claim.content() == 0) {
      return true;
    }
    for (int i = 0; i < states.size(); i++) {
      boolean begun = !states.get(i).stamp().isAfter(claim.ended());
      boolean lasted =
          i + 1 == states.size()
              || !ends.get(states.get(i + 1).transaction()).isBefore(claim.began());
      if (begun
          && lasted
          && (states.get(i).says(claim.content()) || guards(states.get(i), claim))) {
        return true;
      }
    }
    return false;
  }

  private List<Entry> entries() {
    return database.read(handle ->
        handle
            .createQuery(
                """
                select w.transaction, c.model, w.id, w.version, w.action, coalesce(w.content, 0) as content, w.writer, w.stamp, w.known
                from written w join collection c on c.id = w.collection order by c.id, w.version\
                """)
            .map((row, context) ->
                new Entry(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getString(5).charAt(0),
                    row.getInt(6),
                    row.getString(7).charAt(0),
                    row.getObject(8, OffsetDateTime.class),
                    row.getObject(9, OffsetDateTime.class)))
            .list());
  }
}
