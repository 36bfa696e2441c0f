package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import java.io.InputStream;

/** An answer: always JSON, whole or streamed. */
public record ApiReply(int status, Headers headers, Body body) {

  /** What is sent. */
  public sealed interface Body {
    record Whole(JsonNode json) implements Body {}

    /** JSON text that is ready. */
    @SuppressWarnings("ArrayRecordComponent") // written once, compared never
    record Bytes(byte[] json) implements Body {}

    /** JSON text too large for the heap; whoever sends it closes it. */
    record Streamed(InputStream json) implements Body {}
  }

  static ApiReply of(int status, JsonNode json) {
    return new ApiReply(status, Headers.NONE, new Body.Whole(json));
  }

  static ApiReply ok(JsonNode json) {
    return of(200, json);
  }

  /** {@code {"data": …}}. */
  static ApiReply data(JsonNode json) {
    ObjectNode envelope = Json.object();
    envelope.set("data", json);
    return ok(envelope);
  }

  /** {@code {"success": true}}. */
  static ApiReply success() {
    return ok(Json.object().put("success", true));
  }

  static ApiReply bytes(byte[] json) {
    return new ApiReply(200, Headers.NONE, new Body.Bytes(json));
  }

  static ApiReply streamed(InputStream json) {
    return new ApiReply(200, Headers.NONE, new Body.Streamed(json));
  }

  ApiReply withHeader(String name, String value) {
    return new ApiReply(status, headers.with(name, value), body);
  }
}
