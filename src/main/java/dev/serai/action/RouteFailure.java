package dev.serai.action;

import dev.serai.connection.ProviderRefusal;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpFailure;

/** Finds what a route failed of, however often it was wrapped on the way. */
final class RouteFailure {
  private static final int DEEPEST = 20;
  private static final int TOO_MANY_REQUESTS = 429;

  private RouteFailure() {}

  static ActionOutcome outcome(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      switch (cause) {
        case ProviderRefusal refusal -> {
          return refused(refusal);
        }
        case HttpFailure failure -> {
          return new ActionOutcome.Unreachable(String.valueOf(failure.getMessage()));
        }
        default -> {}
      }
      cause = cause.getCause();
    }
    return new ActionOutcome.Broken(thrown);
  }

  private static ActionOutcome refused(ProviderRefusal refusal) {
    Headers headers =
        refusal.contentType().isEmpty()
            ? Headers.NONE
            : Headers.NONE.with("Content-Type", refusal.contentType());
    HttpAnswer answer = new HttpAnswer(refusal.status(), headers, refusal.body());
    String message = String.valueOf(refusal.getMessage());
    return refusal.status() == TOO_MANY_REQUESTS
        ? new ActionOutcome.RateLimited(message, answer)
        : new ActionOutcome.Refused(message, answer);
  }
}
