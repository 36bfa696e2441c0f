package dev.serai.api;

/** An operation behind a path: what a key must be allowed, and who answers. */
public record Endpoint(String operation, Scope scope, Handler handler) {

  /** Answers a request of a known and allowed caller. Thread-safe. */
  public interface Handler {
    ApiReply handle(ApiRequest request, Caller caller);
  }
}
