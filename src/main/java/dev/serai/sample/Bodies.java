package dev.serai.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Turns what a handler wants to say into the bytes of an answer. */
final class Bodies {
  /** Writes one JSON value. */
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private Bodies() {}

  static byte[] write(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = Json.mapper().createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] of(JsonNode node) {
    return write(json -> json.writeTree(node));
  }
}
