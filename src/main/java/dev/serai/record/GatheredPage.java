package dev.serai.record;

import dev.serai.record.RecordWriter.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a route has handed over, until whoever runs the route decides. Thread-safe. */
public final class GatheredPage implements RecordPage {
  private final String what;
  private final List<Batch> batches = new ArrayList<>();
  private @Nullable String failure;
  private boolean closed;

  /**
   * @param what of which it is, such as {@code event}
   */
  public GatheredPage(String what) {
    this.what = what;
  }

  @Override
  public synchronized void add(Batch batch) {
    if (closed) {
      throw new IllegalStateException(
          "the %s is closed: a step saved after its route had returned (seda, threads, wireTap?)"
              .formatted(what));
    }
    batches.add(batch);
  }

  @Override
  public synchronized void fail(String reason) {
    failure = reason;
  }

  /** No step that runs later can change what is committed. */
  public synchronized List<Batch> close() {
    closed = true;
    return List.copyOf(batches);
  }

  public synchronized Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
