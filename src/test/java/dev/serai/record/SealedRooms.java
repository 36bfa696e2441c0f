package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.RecordConversion.Converted;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** One node with its settings: whether it seals, and what its model ignores. */
record SealedRooms(Database database, TestKeys keys, ModelPolicies policies, RecordWriter writer) {
  static SealedRooms of(Database database, boolean sealed, String... ignored) {
    ModelPolicy policy =
        new ModelPolicy(
            new TreeSet<>(Set.of(ignored)), new TreeSet<>(), Duration.ofDays(30), null, null);
    ModelPolicies policies = (provider, model) -> policy;
    TestKeys keys = TestKeys.of(database, sealed);
    return new SealedRooms(
        database, keys, policies, new RecordWriter(database, Models.unifiedOnly(), policies, keys));
  }

  Counts page(long connection, Batch... batches) {
    return writer.save(
        new Write(
            connection,
            CollectionKey.BASE,
            "notes",
            "",
            Writer.PAGE,
            database.now(),
            7,
            List.of(batches)));
  }

  Converted convert() {
    return conversion().convert(() -> true);
  }

  RecordConversion conversion() {
    return new RecordConversion(database, policies, keys);
  }

  /** Notes with ids from n0. */
  static Batch notes(int count, String text) {
    return notes(0, count, text);
  }

  static Batch notes(int from, int to, String text) {
    return Records.save(
        "Note",
        IntStream.range(from, to)
            .mapToObj(i ->
                "{\"id\":\"n%d\",\"text\":\"%s %d\",\"viewed\":\"never\",\"size\":%d.50}"
                    .formatted(i, text, i, i))
            .toArray(String[]::new));
  }
}
