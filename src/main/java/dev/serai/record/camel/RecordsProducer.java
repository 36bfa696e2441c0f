package dev.serai.record.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.record.CollectionKey;
import dev.serai.record.RecordPage;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * In a sync: hands the body to the page, which the consumer commits or drops as a whole. In an
 * action, which has no page: saves at once. The body stays as it is.
 */
final class RecordsProducer extends DefaultProducer {
  private final RecordWriter writer;
  private final String model;
  private final boolean delete;
  private final boolean override;

  RecordsProducer(RecordsEndpoint endpoint, RecordWriter writer, String model) {
    super(endpoint);
    this.writer = writer;
    this.model = model;
    this.delete = endpoint.isDelete();
    this.override = endpoint.isOverride();
  }

  @Override
  public void process(Exchange exchange) {
    List<JsonNode> body = body(exchange);
    RecordPage page = exchange.getProperty(RecordPage.PROPERTY, RecordPage.class);
    Batch batch =
        delete
            ? new Batch.Delete(model, ids(body), override)
            : new Batch.Save(model, body, override);
    if (page == null) {
      saveAtOnce(ConnectionExchange.of(exchange), batch);
    } else {
      page.add(batch);
    }
  }

  private void saveAtOnce(Connection connection, Batch batch) {
    writer.save(
        new Write(
            connection.id(),
            CollectionKey.BASE,
            null,
            "",
            Writer.ACTION,
            OffsetDateTime.MAX,
            0,
            List.of(batch)));
  }

  private List<JsonNode> body(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    List<JsonNode> records = new ArrayList<>();
    switch (body) {
      case JsonNode node when node.isArray() -> node.forEach(records::add);
      case JsonNode node when node.isObject() || delete && node.isValueNode() && !node.isNull() ->
          records.add(node);
      case null, default ->
          throw new IllegalArgumentException(
              "records:%s in route %s takes a JSON array of records or one record, not %s"
                  .formatted(model, exchange.getFromRouteId(), kind(body)));
    }
    return records;
  }

  private static String kind(@org.jspecify.annotations.Nullable Object body) {
    if (body instanceof JsonNode node) {
      return "a JSON " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }
    return body == null ? "nothing" : body.getClass().getSimpleName();
  }

  /** Records or bare ids. */
  private static List<String> ids(List<JsonNode> body) {
    List<String> ids = new ArrayList<>();
    for (JsonNode record : body) {
      String id = RecordWriter.idOf(record.isObject() ? record.path("id") : record);
      if (id == null) {
        throw new IllegalArgumentException("a record to delete has no usable id");
      }
      ids.add(id);
    }
    return ids;
  }
}
