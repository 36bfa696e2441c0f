package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads replies as a client would. */
final class Replies {
  private Replies() {}

  static JsonNode json(ApiReply reply) {
    return switch (reply.body()) {
      case ApiReply.Body.Whole whole -> Json.parse(Json.write(whole.json()));
      case ApiReply.Body.Bytes bytes -> read(new ByteArrayInputStream(bytes.json()));
      case ApiReply.Body.Streamed streamed -> read(streamed.json());
    };
  }

  private static JsonNode read(InputStream json) {
    try (json) {
      return Json.parse(json.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
