package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.provider.WebhookSpec;
import dev.serai.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery at rest: its bytes, address and headers, plain or sealed by the master key for its
 * row. What is a secret itself is left out. Thread-safe.
 */
public final class Contents {
  private static final String PURPOSE = "webhook_arrival";

  private final @Nullable Vault vault;
  private final Vault opener;

  /**
   * @param seal whether payloads are sealed from now on; what was sealed before opens anyway
   */
  public Contents(Vault vault, boolean seal) {
    this.opener = vault;
    this.vault = seal ? vault : null;
  }

  /** As it is stored; exactly one of the two is there. */
  record Stored(byte @Nullable [] plain, byte @Nullable [] sealed) {}

  Stored write(UUID row, WebhookSpec spec, Arrival arrival) {
    Arrival kept = Kept.of(spec.proof(), arrival);
    ObjectNode json = Json.object().put("method", kept.method()).put("url", kept.url());
    ArrayNode headers = json.putArray("headers");
    for (Headers.Line line : kept.headers().lines()) {
      headers.addArray().add(line.name()).add(line.value());
    }
    json.put("body", kept.body());
    byte[] plain = Json.write(json).getBytes(StandardCharsets.UTF_8);
    return vault == null
        ? new Stored(plain, null)
        : new Stored(null, vault.seal(PURPOSE, row.toString(), plain));
  }

  Arrival read(UUID row, Stored stored) {
    byte[] sealed = stored.sealed();
    byte[] plain = sealed == null ? stored.plain() : opener.open(PURPOSE, row.toString(), sealed);
    if (plain == null) {
      throw new IllegalStateException("webhook arrival " + row + " has no content");
    }
    try {
      JsonNode json = Json.parse(plain);
      List<Headers.Line> lines = new ArrayList<>();
      json.path("headers")
          .forEach(line -> lines.add(new Headers.Line(line.get(0).asText(), line.get(1).asText())));
      return new Arrival(
              json.path("method").asText(),
              json.path("url").asText(),
              new Headers(lines),
              json.path("body").binaryValue())
          .believe();
    } catch (IOException e) {
      throw new UncheckedIOException("webhook arrival " + row + " cannot be read", e);
    }
  }
}
