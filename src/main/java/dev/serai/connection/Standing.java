package dev.serai.connection;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connection's credentials and how their renewal stands, read by one statement. All times are the
 * database's.
 *
 * @param obtainedAt when the credentials in force came
 * @param endsAt when their token ends; null: nobody said
 * @param leased somebody who gave a sign of life is renewing
 * @param intentAt since when the refresh token may be used up; null: it is not
 * @param shortest the age of the youngest token without a stated end that was refused
 */
record Standing(
    CredentialStore.Sealed stored,
    Instant now,
    Instant obtainedAt,
    @Nullable Instant endsAt,
    boolean leased,
    RefreshPhase phase,
    @Nullable Instant intentAt,
    byte @Nullable [] answer,
    GrantState state,
    String code,
    String reason,
    int failures,
    @Nullable Instant retryAt,
    boolean refused,
    @Nullable Duration shortest,
    int observed) {

  long generation() {
    return stored.generation();
  }

  Duration age() {
    return Duration.between(obtainedAt, now);
  }

  boolean tooEarly() {
    return retryAt != null && retryAt.isAfter(now);
  }

  /** Whether an app that was not accepted is to be tried again. */
  boolean mendable() {
    return state == GrantState.MISCONFIGURED && !tooEarly();
  }
}
