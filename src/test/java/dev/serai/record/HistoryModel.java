package dev.serai.record;

import dev.serai.record.RecordWriter.Writer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The truth of a collection, in as few lines as it takes: what the engine must agree with. */
final class HistoryModel {
  record Row(int content, boolean live, Writer writer, int step, String owner) {}

  final Map<Integer, Row> rows = new TreeMap<>();
  final Map<Integer, Character> news = new TreeMap<>();
  final Map<Integer, String> quarantined = new TreeMap<>();
  final Map<Character, Integer> counts = new HashMap<>();
  long versions;

  void save(int id, int content, Writer writer, String stream, int noted, int now) {
    quarantined.remove(id);
    Row old = rows.get(id);
    boolean fresh = old == null || !old.live;
    String owner = stream == null && old != null ? old.owner : stream;
    if (!fresh && old.content == content) {
      count('=');
      rows.put(id, new Row(content, true, old.writer, old.step, owner));
    } else if (guarded(old, writer, noted)) {
      count('s');
    } else {
      change(id, new Row(content, true, writer, now, owner), fresh ? 'a' : 'u');
    }
  }

  void delete(int id, Writer writer, String stream, int noted, int now) {
    quarantined.remove(id);
    Row old = rows.get(id);
    if (old != null && old.live && guarded(old, writer, noted)) {
      count('s');
    } else if (old != null && old.live) {
      String owner = stream == null ? old.owner : stream;
      change(id, new Row(old.content, false, writer, now, owner), 'd');
    }
  }

  void missed(int id, int began, int now) {
    Row old = rows.get(id);
    if (old != null && old.live && old.step <= began) {
      change(id, new Row(old.content, false, Writer.PAGE, now, old.owner), 'd');
    }
  }

  void empty(String stream) {
    if (rows.values().removeIf(row -> stream.equals(row.owner))) {
      news.keySet().retainAll(rows.keySet());
      quarantined.values().removeIf(stream::equals);
      versions++;
    }
  }

  private void change(int id, Row row, char action) {
    rows.put(id, row);
    count(action);
    versions++;
    news.merge(id, action, (before, now) -> before == 'a' && now == 'u' ? 'a' : now);
  }

  private static boolean guarded(Row old, Writer writer, int noted) {
    return old != null && writer == Writer.PAGE && old.writer != Writer.PAGE && old.step > noted;
  }

  private void count(char what) {
    counts.merge(what, 1, Integer::sum);
  }
}
