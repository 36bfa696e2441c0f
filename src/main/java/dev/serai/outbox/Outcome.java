package dev.serai.outbox;

import java.time.Duration;

/** What becomes of a delivery after a try. */
public sealed interface Outcome {
  /** A 2xx: done. */
  record Delivered() implements Outcome {}

  /** Not now: the same bytes again after the pause. */
  record Postponed(Duration pause) implements Outcome {}

  /** Never again by itself: the receiver said 410, or the tries are used up. */
  record Abandoned() implements Outcome {}

  /** The lease ran out meanwhile: another node sends it (again); nothing was booked. */
  record LeaseLost() implements Outcome {}
}
