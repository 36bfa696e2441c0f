package dev.serai.api;

import org.jspecify.annotations.Nullable;

/**
 * An operation behind a path: who may call it, and who answers.
 *
 * @param scope what an API key must be allowed; null: no key will do
 * @param sessions whether a connect session may call it
 * @param json whether a body must be JSON
 */
public record Endpoint(
    String operation, @Nullable Scope scope, boolean sessions, boolean json, Handler handler) {

  /** For API keys. */
  public Endpoint(String operation, Scope scope, Handler handler) {
    this(operation, scope, false, true, handler);
  }

  /** For API keys, with a body of any kind. */
  static Endpoint withAnyBody(String operation, Scope scope, Handler handler) {
    return new Endpoint(operation, scope, false, false, handler);
  }

  /** For API keys, and for connect sessions as far as they see. */
  static Endpoint alsoForSessions(String operation, Scope scope, Handler handler) {
    return new Endpoint(operation, scope, true, true, handler);
  }

  /** For connect sessions only. */
  static Endpoint forSessions(String operation, Handler handler) {
    return new Endpoint(operation, null, true, true, handler);
  }

  /** Answers a request of a known and allowed caller. Thread-safe. */
  public interface Handler {
    ApiReply handle(ApiRequest request, Caller caller);
  }
}
