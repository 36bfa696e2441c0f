package dev.serai.api;

/**
 * What answers one {@code web:} route. Whoever is let in proves it to the handler itself (a session
 * token, a state, a signature): there is no API key. Thread-safe.
 */
public interface WebPage {
  /** The name a route uses as {@code web:<name>}. */
  String operation();

  /** Whether pages of every site may read the answer. */
  default boolean anyOrigin() {
    return false;
  }

  /** What it throws is answered as an error in JSON, with nothing of a secret in it. */
  WebReply answer(ApiRequest request);
}
