package dev.serai.connection;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether the stored refresh token may be used up although nobody has its successor, and what that
 * allows; as an owner finds it.
 *
 * @param consuming sending uses up what it is sent with; nothing else is ever in doubt
 * @param grace so long the provider takes a replaced token, as it declares
 */
record Doubt(Standing standing, boolean consuming, Duration grace) {
  /** Of the grace: clocks differ, and a request takes its time. */
  private static final int RESERVE = 15;

  /** No provider is hurried more. */
  private static final Duration SHORTEST = Duration.ofSeconds(3);

  /** Somebody died behind a call, and the provider takes no replaced token any more. */
  boolean hopeless() {
    return consuming && standing.phase() == RefreshPhase.SENDING && !inTime();
  }

  /** A call before the one whose answer is judged may have brought a token that nobody has. */
  boolean older() {
    return consuming
        && (standing.phase() == RefreshPhase.ANSWERED
            ? standing.doubted()
            : standing.phase() != RefreshPhase.IDLE);
  }

  /**
   * The grace counts from the provider's rotation, which cannot be before the first call. A call in
   * the future says that the clock was set back, and nothing about the time that went by.
   */
  private boolean inTime() {
    Instant first = standing.intentAt();
    return first != null && Duration.between(first, standing.now()).abs().compareTo(usable()) < 0;
  }

  /** So long after the first call the old token may be sent again. */
  Duration usable() {
    return grace.minus(grace.dividedBy(RESERVE));
  }

  /**
   * So long a call that nobody has doubted yet may take: half of the grace, so that the old token
   * can be sent once more within it. Where no more is allowed anyway, or it was sent twice already,
   * the answer is waited for.
   */
  Duration patience(Duration most) {
    Duration half = usable().dividedBy(2);
    boolean twice = half.compareTo(SHORTEST) >= 0 && half.compareTo(most) < 0;
    return consuming && !older() && twice ? half : most;
  }

  /**
   * How it stands after a call that brought no token.
   *
   * @param raised that call may have used up the refresh token
   */
  RefreshPhase after(boolean raised) {
    if (!consuming) {
      return RefreshPhase.IDLE;
    }
    // Behind a death the rules of a death stay in force.
    if (standing.phase() == RefreshPhase.SENDING) {
      return RefreshPhase.SENDING;
    }
    return raised || older() ? RefreshPhase.DOUBTFUL : RefreshPhase.IDLE;
  }
}
