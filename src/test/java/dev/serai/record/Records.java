package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes pages and looks at what is there, for the tests of this package. */
final class Records {
  final Database database;
  final RecordWriter writer;

  Records(Database database) {
    this.database = database;
    this.writer = new RecordWriter(database, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF);
  }

  Counts page(Batch... batches) {
    return writer.save(write(Writer.PAGE, now(), batches));
  }

  Counts action(Batch... batches) {
    return writer.save(write(Writer.ACTION, now(), batches));
  }

  Write write(Writer writer, OffsetDateTime noted, Batch... batches) {
    String stream = writer == Writer.PAGE ? "things" : null;
    return new Write(1, CollectionKey.BASE, stream, "", writer, noted, 7, List.of(batches));
  }

  static Batch save(String model, String... records) {
    return new Batch.Save(model, Arrays.stream(records).map(Json::parse).toList());
  }

  static Batch delete(String model, String... ids) {
    return new Batch.Delete(model, List.of(ids));
  }

  OffsetDateTime now() {
    return one("select clock_timestamp()", OffsetDateTime.class);
  }

  long collection(String model) {
    return one("select id from collection where model = '" + model + "'", Long.class);
  }

  <T> T one(String sql, Class<T> type) {
    return database.read(handle -> handle.createQuery(sql).mapTo(type).one());
  }

  List<String> all(String sql) {
    return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  Map<String, Object> row(String sql) {
    return database.read(handle -> handle.createQuery(sql).mapToMap().one());
  }

  void execute(String sql) {
    database.useTransaction(handle -> handle.execute(sql));
  }

  static JsonNode json(String text) {
    return Json.parse(text);
  }
}
