package dev.serai.connection;

import dev.serai.provider.Provider.Renewing;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connection's credentials and how their renewal stands, read by one statement. All times are the
 * database's.
 *
 * @param obtainedAt when the credentials in force came
 * @param endsAt when their token ends; null: nobody said
 * @param intentAt since when the refresh token may be used up; null: it is not
 * @param doubted a call before the one in the air, or answered, may have used it up already
 * @param answeredAt when {@code answer} came
 */
record Standing(
    CredentialStore.Sealed stored,
    Instant now,
    Instant obtainedAt,
    @Nullable Instant endsAt,
    RefreshPhase phase,
    @Nullable Instant intentAt,
    boolean doubted,
    byte @Nullable [] answer,
    @Nullable Instant answeredAt,
    GrantState state,
    String code,
    String reason,
    int failures,
    @Nullable Instant retryAt,
    TokenLife life) {
  /** No wait is longer; one that seems so was written before the clock was set back. */
  static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** The same for an app that was not accepted: {@link MendTries} waits for a day and a little. */
  private static final Duration LONGEST_MEND = Duration.ofHours(30);

  /** A token whose answer lay there for longer is older than it seems. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  long generation() {
    return stored.generation();
  }

  Duration age() {
    return Duration.between(obtainedAt, now);
  }

  boolean tooEarly() {
    Duration longest = state == GrantState.MISCONFIGURED ? LONGEST_MEND : LONGEST_WAIT;
    return retryAt != null && retryAt.isAfter(now) && !retryAt.isAfter(now.plus(longest));
  }

  /** Nothing is renewed any more, unless an answer came that nobody has understood yet. */
  boolean over() {
    return state != GrantState.LIVE
        && !(state == GrantState.UNCERTAIN && phase == RefreshPhase.ANSWERED);
  }

  /**
   * How credentials that came just now follow these.
   *
   * @param refusedAge how old the token was when the API refused it; null: it was not refused
   * @param waited so long their answer lay there
   */
  RefreshStore.Succession followed(
      @Nullable Duration refusedAge, Renewing declared, Duration waited) {
    boolean guessed = endsAt == null && declared.lifetime() == null && life.learned() != null;
    return new RefreshStore.Succession(
        waited.compareTo(FRESH) < 0 ? generation() + 1 : null,
        refusedAge != null,
        refusedAge != null && endsAt == null && life.tells(generation(), refusedAge)
            ? refusedAge
            : null,
        refusedAge == null && guessed && TokenAge.of(this, declared) != TokenAge.FRESH);
  }

  /** How long ago the stored answer came. */
  Duration waited() {
    Duration waited = answeredAt == null ? Duration.ZERO : Duration.between(answeredAt, now);
    return waited.isNegative() ? Duration.ZERO : waited;
  }

  /** Whether an app that was not accepted is to be tried again. */
  boolean mendable() {
    return state == GrantState.MISCONFIGURED && !tooEarly();
  }
}
