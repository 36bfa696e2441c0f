package dev.serai.action;

import dev.serai.http.HttpFailure;

/** Finds what a route failed of, however often it was wrapped on the way. */
final class RouteFailure {
  private static final int DEEPEST = 20;

  private RouteFailure() {}

  static ActionOutcome outcome(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof HttpFailure failure) {
        return new ActionOutcome.Unreachable(String.valueOf(failure.getMessage()));
      }
      cause = cause.getCause();
    }
    return new ActionOutcome.Broken(thrown);
  }
}
