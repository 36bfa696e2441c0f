package dev.serai.inbox;

import dev.serai.record.RecordPage;
import dev.serai.record.RecordWriter.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a route has handed over for one event, until the task decides. Thread-safe. */
final class Gathered implements RecordPage {
  private final List<Batch> batches = new ArrayList<>();
  private @Nullable String failure;
  private boolean closed;

  @Override
  public synchronized void add(Batch batch) {
    if (closed) {
      throw new IllegalStateException(
          "the event is closed: a step saved after its route had returned (seda, threads, wireTap?)");
    }
    batches.add(batch);
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
}
