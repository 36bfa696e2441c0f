package dev.serai.outbox;

import java.time.Duration;
import java.util.Optional;

/** What one try of a delivery came to. */
public sealed interface Answered {
  Duration took();

  /**
   * The receiver answered.
   *
   * @param retryAfter how long it asks us to wait
   */
  record Status(int status, Optional<Duration> retryAfter, Duration took) implements Answered {}

  /**
   * No answer came.
   *
   * @param error why, in words for the receiver's engineer, without secrets
   */
  record Nothing(String error, Duration took) implements Answered {}
}
