package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A provider's answer at rest: sealed for the connection and the generation that asked. */
final class SealedAnswer {
  private static final String PURPOSE = "refresh_answer";

  private SealedAnswer() {}

  static byte[] seal(Vault vault, long connection, long generation, HttpAnswer answer) {
    ObjectNode json = Json.object().put("status", answer.status()).put("body", answer.body());
    ArrayNode headers = json.putArray("headers");
    answer.headers().lines().forEach(line -> headers.addArray().add(line.name()).add(line.value()));
    return vault.seal(PURPOSE, row(connection, generation), Json.write(json));
  }

  static HttpAnswer open(Vault vault, long connection, long generation, byte[] sealed) {
    JsonNode json = Json.parse(vault.openText(PURPOSE, row(connection, generation), sealed));
    List<Headers.Line> lines = new ArrayList<>();
    json.path("headers")
        .forEach(line -> lines.add(new Headers.Line(line.get(0).asText(), line.get(1).asText())));
    try {
      return new HttpAnswer(
          json.path("status").asInt(), new Headers(lines), json.path("body").binaryValue());
    } catch (IOException e) {
      throw new UncheckedIOException("a stored answer is not base64", e);
    }
  }

  private static String row(long connection, long generation) {
    return connection + "/" + generation;
  }
}
