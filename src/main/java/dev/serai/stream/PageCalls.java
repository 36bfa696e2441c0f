package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.Json;
import dev.serai.connection.ProviderCall;
import dev.serai.http.Headers;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.CursorFormat;
import dev.serai.provider.JsonTemplate;
import dev.serai.provider.Pagination;
import dev.serai.provider.StreamSpec;
import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.provider.StreamSpec.Into;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds the request for the next page: standing parts, then each value at its place. */
final class PageCalls {
  private final StreamSpec stream;
  private final UnaryOperator<String> config;
  private final boolean full;

  /**
   * @param full no upper bound is sent: a row that changes while it is read must still be seen
   */
  PageCalls(StreamSpec stream, UnaryOperator<String> config, boolean full) {
    this.stream = stream;
    this.config = config;
    this.full = full;
  }

  ProviderCall next(Progress progress) {
    Parts parts = new Parts();
    String link = progress.url;
    if (link != null) {
      parts.path = link;
      parts.query.clear();
    } else {
      Pagination.Sizing sizing = stream.pagination().sizing();
      if (sizing.size() > 0) {
        parts.put(sizing.into(), LongNode.valueOf(sizing.size()));
      }
      bounds(parts, progress);
      place(parts, progress);
    }
    return parts.call();
  }

  private void bounds(Parts parts, Progress progress) {
    Incremental incremental = stream.incremental();
    if (incremental == null) {
      return;
    }
    String lower = progress.anchor == null ? progress.from : progress.anchor;
    if (lower != null) {
      parts.put(incremental.startInto(), written(incremental.format(), lower));
    }
    if (progress.until != null && !full) {
      parts.put(incremental.endInto(), written(incremental.format(), progress.until));
    }
  }

  private static JsonNode written(CursorFormat format, String value) {
    String text = format.write(format.ofText(value));
    boolean number = !format.datetime() || format.formats().getFirst().startsWith("epoch");
    if (!number) {
      return TextNode.valueOf(text);
    }
    BigDecimal decimal = new BigDecimal(text);
    return decimal.scale() <= 0
        ? BigIntegerNode.valueOf(decimal.toBigInteger())
        : DecimalNode.valueOf(decimal);
  }

  private void place(Parts parts, Progress progress) {
    switch (stream.pagination()) {
      case Pagination.Page page -> parts.put(page.into(), LongNode.valueOf(progress.number));
      case Pagination.Offset offset ->
          parts.put(offset.into(), LongNode.valueOf(sentOffset(progress)));
      case Pagination.Cursor cursor -> parts.put(cursor.into(), progress.token);
      case Pagination.Keyset keyset -> parts.put(keyset.into(), progress.token);
      case Pagination.None none -> {}
      case Pagination.Link link -> {}
    }
  }

  /** One row less than due, where the answer must begin with the row we know. */
  static long sentOffset(Progress progress) {
    return progress.expected == null ? progress.number : progress.number - 1;
  }

  /** The request under construction. */
  private final class Parts {
    String path = stream.request().path().fill(name -> OutgoingUri.encode(config.apply(name)));
    final Map<String, String> query = new LinkedHashMap<>();
    Headers headers = Headers.NONE;
    @Nullable JsonNode body;

    Parts() {
      stream.request().query().forEach((name, value) -> query.put(name, value.fill(config)));
      stream
          .request()
          .headers()
          .forEach((name, value) -> headers = headers.with(name, value.fill(config)));
      JsonNode standing = stream.request().body();
      body = standing == null ? null : JsonTemplate.fill(standing, config);
    }

    void put(@Nullable Into into, @Nullable JsonNode value) {
      if (into == null || value == null) {
        return;
      }
      String text = into.text(value.isValueNode() ? value.asText() : Json.write(value));
      switch (into.place()) {
        case QUERY -> query.put(into.name(), text);
        case HEADER -> headers = headers.with(into.name(), text);
        case PATH -> path = path.replace("{" + into.name() + "}", OutgoingUri.encode(text));
        case BODY -> {
          JsonNode root = body == null ? Json.object() : body;
          set(
              root,
              into.name().split("\\."),
              0,
              into.template() == null ? value : TextNode.valueOf(text));
          body = root;
        }
      }
    }

    private static void set(JsonNode node, String[] keys, int at, JsonNode value) {
      boolean last = at == keys.length - 1;
      switch (node) {
        case ObjectNode object -> {
          if (last) {
            object.set(keys[at], value);
          } else {
            JsonNode child = object.get(keys[at]);
            set(
                child != null && child.isContainerNode() ? child : object.putObject(keys[at]),
                keys,
                at + 1,
                value);
          }
        }
        case ArrayNode array -> {
          int index = Integer.parseInt(keys[at]);
          while (array.size() <= index) {
            array.addObject();
          }
          if (last) {
            array.set(index, value);
          } else {
            set(array.get(index), keys, at + 1, value);
          }
        }
        default -> throw new IllegalStateException("the body has no place for a value");
      }
    }

    ProviderCall call() {
      List<Map.Entry<String, String>> pairs = new ArrayList<>();
      query.forEach((name, value) -> pairs.add(Map.entry(name, value)));
      return new ProviderCall(stream.request().method(), path, pairs, headers, body, true);
    }
  }
}
