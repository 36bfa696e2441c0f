package dev.serai.http;

/**
 * Adds credentials to a request, inside the client, as late as possible: nothing before this call
 * and nothing after it (logs, errors, exchanges) ever sees them. Thread-safe.
 */
public interface Authorizer {
  /** The request with its credentials; called once per attempt and never for another origin. */
  HttpCall authorize(HttpCall call);

  Authorizer NONE = call -> call;
}
