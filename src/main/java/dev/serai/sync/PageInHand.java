package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.RecordPage;
import dev.serai.record.RecordWriter.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a route has handed over for one page, until the consumer decides. Thread-safe. */
final class PageInHand implements RecordPage {
  private final List<Batch> batches = new ArrayList<>();
  private @Nullable String failure;
  private boolean closed;

  @Override
  public synchronized void save(String model, List<JsonNode> records) {
    requireOpen();
    batches.add(new Batch.Save(model, List.copyOf(records)));
  }

  @Override
  public synchronized void delete(String model, List<String> externalIds) {
    requireOpen();
    batches.add(new Batch.Delete(model, List.copyOf(externalIds)));
  }

  @Override
  public synchronized void fail(String reason) {
    failure = reason;
  }

  /** No step that runs later can change what is committed. */
  synchronized List<Batch> close() {
    closed = true;
    return List.copyOf(batches);
  }

  synchronized Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the page is closed: a step saved after its route had returned (seda, threads, wireTap?)");
    }
  }
}
