package dev.serai.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a renewal came to, for everybody who waited for it. */
sealed interface RefreshOutcome {
  /** The code of an answer that is kept because nobody understands it. */
  String UNREAD = "refresh_answer_unread";

  /** Other credentials are in force now, whoever brought them. */
  record Moved(long generation) implements RefreshOutcome {}

  /**
   * Not now; nothing is lost.
   *
   * @param retryAt no call is made before; null: at any time
   * @param called false: it was not even tried, for it is too early
   */
  record Passing(String code, String message, @Nullable Instant retryAt, boolean called)
      implements RefreshOutcome {}

  /**
   * Never again with these credentials.
   *
   * @param called false: it was known before
   */
  record Over(GrantState state, String code, String message, boolean called)
      implements RefreshOutcome {}
}
