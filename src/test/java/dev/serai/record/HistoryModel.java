package dev.serai.record;

import dev.serai.record.RecordWriter.Writer;
import dev.serai.record.Step.Content;
import dev.serai.record.Step.Rules;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The truth of a collection, in as few lines as it takes: what the engine must agree with. */
final class HistoryModel {
  /**
   * @param rules under which its content was written: it is compared by them
   * @param known the step whose truth it is; of a page the one before which that was asked for
   */
  record Row(
      Content content,
      boolean live,
      long version,
      Rules rules,
      Writer writer,
      int step,
      int known,
      String owner) {}

  /** A row of the kept history: what became what; null: nothing was there, or is. */
  record Image(int id, char action, boolean told, Content before, Content after) {}

  final Map<Integer, Row> rows = new TreeMap<>();
  final Map<Integer, Character> news = new TreeMap<>();
  final Map<Integer, String> quarantined = new TreeMap<>();
  final Map<Long, Image> images = new TreeMap<>();
  final Map<Character, Integer> counts = new HashMap<>();
  Rules rules = Rules.NONE;
  long version;

  void save(int id, Content content, Writer writer, String stream, int noted, int now) {
    quarantined.remove(id);
    Row old = rows.get(id);
    boolean live = old != null && old.live;
    String owner = stream == null && old != null ? old.owner : stream;
    if (live && same(old, content)) {
      count('=');
      rows.put(
          id,
          new Row(
              old.content, true, old.version, old.rules, old.writer, old.step, old.known, owner));
    } else if (guarded(old, writer, noted)) {
      count('s');
    } else {
      boolean told = !live || !quiet(old, content);
      int known = writer == Writer.PAGE ? noted : now;
      Row row = new Row(content, true, ++version, rules, writer, now, known, owner);
      change(id, row, live ? 'u' : 'a', told);
    }
  }

  void delete(int id, Writer writer, String stream, int noted, int now) {
    quarantined.remove(id);
    Row old = rows.get(id);
    if (old != null && old.live && guarded(old, writer, noted)) {
      count('s');
    } else if (old != null && old.live) {
      int known = writer == Writer.PAGE ? noted : now;
      gone(id, writer, now, known, stream == null ? old.owner : stream);
    }
  }

  void missed(int id, int began, int now) {
    Row old = rows.get(id);
    if (old != null && old.live && old.step <= began) {
      gone(id, Writer.PAGE, now, now, old.owner);
    }
  }

  void empty(String stream) {
    if (rows.values().removeIf(row -> stream.equals(row.owner))) {
      news.keySet().retainAll(rows.keySet());
      quarantined.values().removeIf(stream::equals);
      version++;
    }
  }

  private void gone(int id, Writer writer, int now, int known, String owner) {
    Row old = rows.get(id);
    Row row = new Row(old.content, false, ++version, old.rules, writer, now, known, owner);
    change(id, row, 'd', true);
  }

  private void change(int id, Row row, char action, boolean told) {
    Row old = rows.put(id, row);
    count(told ? action : 'q');
    if (told) {
      news.merge(id, action, (before, now) -> before == 'a' && now == 'u' ? 'a' : now);
    }
    if (rules.policy.history() != null) {
      Content before = old == null || !old.live ? null : old.content;
      images.put(version, new Image(id, action, told, before, row.live ? row.content : null));
    }
  }

  private static boolean same(Row row, Content content) {
    return row.content.n() == content.n()
        && row.content.side() == content.side()
        && (row.rules.ignores() || row.content.noise() == content.noise());
  }

  private boolean quiet(Row row, Content content) {
    return rules.watches() && row.rules.watches() && row.content.n() == content.n();
  }

  private static boolean guarded(Row old, Writer writer, int noted) {
    return old != null && writer != Writer.ACTION && old.writer != writer && old.known > noted;
  }

  private void count(char what) {
    counts.merge(what, 1, Integer::sum);
  }
}
