package dev.serai.connection;

import dev.serai.provider.Provider.Renewing;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token should be renewed before it is used. An end that the provider stated is believed;
 * one that was declared for it, or learned from refusals, is a guess: the token is then still used
 * when a renewal is not to be had, and the provider says whether it lives.
 */
enum TokenAge {
  FRESH,
  /** Renew; if that is not to be had, it still works. */
  SOON,
  /** Useless. */
  ENDED;

  /** Of a token's life; a margin as long as the life would renew at every call. */
  private static final int MOST_OF_LIFE = 5;

  static TokenAge of(Standing standing, Renewing renewing) {
    Instant stated = standing.endsAt();
    Instant end = stated == null ? guessed(standing, renewing) : stated;
    if (end == null) {
      return FRESH;
    }
    if (stated != null && !standing.now().isBefore(stated)) {
      return ENDED;
    }
    Duration life = Duration.between(standing.obtainedAt(), end).dividedBy(MOST_OF_LIFE);
    Duration margin = life.compareTo(renewing.margin()) < 0 ? life : renewing.margin();
    return standing.now().isBefore(end.minus(margin)) ? FRESH : SOON;
  }

  private static @Nullable Instant guessed(Standing standing, Renewing renewing) {
    Duration life = renewing.lifetime() == null ? standing.life().learned() : renewing.lifetime();
    return life == null ? null : standing.obtainedAt().plus(life);
  }
}
