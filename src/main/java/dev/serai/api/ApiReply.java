package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer: JSON, whole or streamed, unless it is a provider's own. */
public record ApiReply(int status, Headers headers, Body body) {

  /** What is sent. */
  public sealed interface Body {
    record Whole(JsonNode json) implements Body {}

    /** JSON text that is ready. */
    record Bytes(List<ByteBuffer> json) implements Body {}

    /** JSON text that is made while it is sent; what it throws must break the answer. */
    record Streamed(InputStream json) implements Body {}

    /**
     * Somebody else's bytes.
     *
     * @param type its content type; null: it said none
     */
    record Foreign(byte[] bytes, @Nullable String type) implements Body {}
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

  /** 204. */
  static ApiReply empty() {
    return new ApiReply(204, Headers.NONE, new Body.Bytes(List.of()));
  }

  static ApiReply bytes(List<ByteBuffer> json) {
    return new ApiReply(200, Headers.NONE, new Body.Bytes(json));
  }

  static ApiReply streamed(InputStream json) {
    return new ApiReply(200, Headers.NONE, new Body.Streamed(json));
  }

  ApiReply withHeader(String name, String value) {
    return new ApiReply(status, headers.with(name, value), body);
  }
}
