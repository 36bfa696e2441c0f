package dev.serai.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tickets as JSON text, kept until they change: a benchmark shall measure its reader and not the
 * simulator. Thread-safe.
 */
final class Renderings {
  private static final int MOST = 250_000;

  private record Rendering(Ticket ticket, SerializedString text) {}

  private final Map<Long, Rendering> byId = new ConcurrentHashMap<>();

  @SuppressWarnings("ReferenceEquality")
  void write(Ticket ticket, JsonGenerator json) throws IOException {
    Rendering kept = byId.get(ticket.id());
    // Tickets never change in place, so the same object is the same text.
    if (kept == null || kept.ticket() != ticket) {
      kept =
          new Rendering(
              ticket, new SerializedString(new String(ticket.json(), StandardCharsets.UTF_8)));
      if (byId.size() < MOST) {
        byId.put(ticket.id(), kept);
      }
    }
    json.writeRawValue(kept.text());
  }
}
