package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.connection.ProviderCall;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.StreamSpec;
import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.provider.StreamSpec.Order;
import dev.serai.stream.Batches.Row;
import dev.serai.stream.StreamException.ErrorClass;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one stream page by page; the {@link Progress} is all it must not forget. */
final class PagedReader implements StreamReader {
  private static final Logger LOG = LoggerFactory.getLogger(PagedReader.class);
  private static final int STARTS_OVER = 3;

  private final StreamSpec stream;
  private final Source source;
  private final Answers answers;
  private final PageCalls calls;
  private final Reanchor reanchor;
  private final Pager pager;
  private final Progress progress;
  private final Runnable onUnordered;
  private final Batches batches = new Batches();
  private final @Nullable Watermark watermark;
  private final RowFates fates;
  private int startsOver;

  /** Where pages come from, and what one connection is called in messages. */
  record Source(
      Function<ProviderCall, HttpAnswer> send,
      Function<ProviderCall, String> url,
      java.time.InstantSource clock,
      String label) {}

  PagedReader(
      StreamSpec stream,
      Source source,
      PageCalls calls,
      Progress progress,
      boolean full,
      Runnable onUnordered) {
    this.stream = stream;
    this.source = source;
    this.calls = calls;
    this.progress = progress;
    this.onUnordered = onUnordered;
    this.answers = new Answers(stream, source.label());
    this.reanchor = new Reanchor(stream);
    this.pager = new Pager(stream.pagination(), answers, reanchor);
    Incremental incremental = stream.incremental();
    this.watermark = incremental == null ? null : new Watermark(incremental, progress);
    this.fates = new RowFates(stream, answers, progress, watermark, full);
  }

  @Override
  public StreamPage next() {
    StreamPage waiting = batches.poll();
    if (waiting != null) {
      return waiting;
    }
    JsonNode before = progress.json();
    Instant requested = source.clock().instant();
    ProviderCall call = calls.next(progress);
    HttpAnswer answer = send(call);
    switch (answers.read(answer)) {
      case Answers.Reading.End end -> finish(List.of(), before, requested, answer);
      case Answers.Reading.StartOver over -> startOver(before, answer);
      case Answers.Reading.Body body -> page(body.json(), before, requested, call, answer);
    }
    StreamPage first = batches.poll();
    if (first == null) {
      throw new IllegalStateException("an answer always makes at least one page");
    }
    return first;
  }

  private HttpAnswer send(ProviderCall call) {
    try {
      return source.send().apply(call);
    } catch (SeraiException e) {
      throw answers.noAnswer(e);
    }
  }

  private void page(
      JsonNode body, JsonNode before, Instant requested, ProviderCall call, HttpAnswer answer) {
    JsonNode answered = answers.rows(body);
    long sent = PageCalls.sentOffset(progress);
    String expected = progress.expected;
    JsonNode fresh = answered;
    if (expected != null) {
      if (answered.isEmpty() || !expected.equals(stream.id(answered.get(0)))) {
        reanchor.again(progress);
        batches.cut(List.of(), 1, before, progress.json(), null, answer.body().length);
        return;
      }
      fresh = withoutFirst(answered);
    }
    refuseRepeatedPage(fresh);
    RowFates.Sorted sorted = fates.sort(fresh);
    if (sorted.brokeOrder() && orderBroken()) {
      batches.cut(
          sorted.rows(),
          stream.batchSize(),
          before,
          progress.json(),
          backToBase(),
          answer.body().length);
      return;
    }
    Pager.Seen seen =
        new Pager.Seen(
            body, answer.headers(), answered.size(), fresh, sent, source.url().apply(call));
    boolean more = pager.advance(progress, seen) && !fates.pastTheCheckpoint(fresh);
    if (!more) {
      finish(sorted.rows(), before, requested, answer);
      return;
    }
    JsonNode checkpoint = sorted.brokeOrder() ? backToBase() : checkpoint(false, requested);
    batches.cut(
        sorted.rows(),
        stream.batchSize(),
        before,
        progress.json(),
        checkpoint,
        answer.body().length);
  }

  private void finish(List<Row> rows, JsonNode before, Instant requested, HttpAnswer answer) {
    batches.cut(
        rows, stream.batchSize(), before, null, checkpoint(true, requested), answer.body().length);
  }

  private void startOver(JsonNode before, HttpAnswer answer) {
    if (++startsOver > STARTS_OVER) {
      throw answers.exception(
          "restarted_too_often",
          ErrorClass.PROVIDER,
          "the provider made the list start over more than " + STARTS_OVER + " times");
    }
    progress.startOver(Pager.first(stream.pagination()));
    batches.cut(List.of(), 1, before, progress.json(), null, answer.body().length);
  }

  /**
   * Rows came out of order. A re-anchored list could skip rows then, so it is read again from the
   * start, by plain numbers.
   *
   * @return true if the read starts over
   */
  private boolean orderBroken() {
    progress.unordered = true;
    onUnordered.run();
    LOG.warn(
        "{}: rows of stream {} are not in the declared order; the checkpoint moves at the end of this run only",
        source.label(),
        stream.name());
    if (reanchor.declared()) {
      progress.startOver(Pager.first(stream.pagination()));
      return true;
    }
    return false;
  }

  private @Nullable JsonNode backToBase() {
    Incremental incremental = stream.incremental();
    return watermark == null || incremental == null || incremental.order() != Order.ASC
        ? null
        : watermark.backToBase();
  }

  private @Nullable JsonNode checkpoint(boolean end, Instant requested) {
    return watermark == null ? null : watermark.afterPage(end, requested);
  }

  private void refuseRepeatedPage(JsonNode fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    StringBuilder ids =
        new StringBuilder("page|").append(progress.restarts).append('|').append(progress.anchor);
    for (JsonNode row : fresh) {
      String id = stream.id(row);
      ids.append('|').append(id == null ? Json.write(row) : id);
    }
    if (progress.guard.repeats(ids.toString())) {
      throw answers.exception(
          "repeated_cursor",
          ErrorClass.PROVIDER,
          "the provider answered with a page that was read already (after page %,d)"
              .formatted(progress.pages));
    }
  }

  private static ArrayNode withoutFirst(JsonNode rows) {
    ArrayNode rest = Json.array();
    for (int i = 1; i < rows.size(); i++) {
      rest.add(rows.get(i));
    }
    return rest;
  }
}
