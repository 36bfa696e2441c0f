package dev.serai.sync;

import dev.serai.stream.StreamException.ErrorClass;

/** How a run stands when its node lets go of it. */
sealed interface Verdict {
  /** For metrics. */
  default String name() {
    return switch (this) {
      case Success() -> "success";
      case Failed f -> "failed";
      case Suspended s -> "suspended";
      case Cancelled() -> "cancelled";
      case LetGo() -> "let_go";
    };
  }

  /** Read to the end; {@code warning} names what was held back, if anything. */
  record Success() implements Verdict {}

  /**
   * Given up: the next run starts over from the checkpoint.
   *
   * @param code stable, e.g. {@code invalid_json}
   */
  record Failed(String code, ErrorClass errorClass, String message) implements Verdict {}

  /** Paused for a transient fault: the run stays open and goes on at its page. */
  record Suspended(String code, String message) implements Verdict {}

  /** Somebody paused the sync, or its route is gone. */
  record Cancelled() implements Verdict {}

  /** The lease was lost, or the node stops: nothing is written, the next owner goes on. */
  record LetGo() implements Verdict {}
}
