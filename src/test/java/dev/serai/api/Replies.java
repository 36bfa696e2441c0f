package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads replies as a client would. */
final class Replies {
  private Replies() {}

  static JsonNode json(ApiReply reply) {
    return switch (reply.body()) {
      case ApiReply.Body.Whole whole -> Json.parse(Json.write(whole.json()));
      case ApiReply.Body.Bytes bytes -> Json.parse(text(bytes.json()));
      case ApiReply.Body.Streamed streamed -> read(streamed.json());
      case ApiReply.Body.Foreign foreign ->
          Json.parse(new String(foreign.bytes(), StandardCharsets.UTF_8));
    };
  }

  private static JsonNode read(InputStream json) {
    try (json) {
      return Json.parse(json.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(List<ByteBuffer> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces.forEach(piece -> all.write(piece.array(), piece.arrayOffset(), piece.limit()));
    return all.toString(StandardCharsets.UTF_8);
  }
}
