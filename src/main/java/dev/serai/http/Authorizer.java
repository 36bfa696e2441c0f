package dev.serai.http;

/**
 * Adds credentials to a request, inside the client, as late as possible: nothing before this call
 * and nothing after it (logs, errors, exchanges) ever sees them. Thread-safe.
 */
public interface Authorizer {
  /** The request with its credentials; called once per attempt and never for another origin. */
  HttpCall authorize(HttpCall call);

  /**
   * The provider answered 401. True if the credentials have changed since this attempt was
   * authorized (refreshed by us or by another node), so that one more attempt makes sense.
   */
  default boolean refreshed(HttpCall refused) {
    return false;
  }

  Authorizer NONE = call -> call;
}
