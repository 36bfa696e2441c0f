package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.List;
import java.util.Random;

/**
 * Records as a helpdesk would serve them, {@value #BYTES} bytes of canonical JSON each: text,
 * numbers, dates, a list, nested objects, keys in no order. The same number and edition always make
 * the same record. Thread-safe.
 */
final class BenchTickets {
  static final int BYTES = 600;

  private static final int DESCRIPTION = 167;
  private static final String[] STATUS = {"open", "done", "held"};
  private static final String[] TAGS = {"billing", "install", "renewal", "invoice"};
  private static final String PROSE = prose();

  private BenchTickets() {}

  /** Consecutive tickets from a number on, each made when it is asked for. */
  static List<JsonNode> made(int from, int count, int edition) {
    return new AbstractList<>() {
      @Override
      public JsonNode get(int index) {
        return ticket(from + index, edition);
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  /** The ids ascend, as those of most providers do. */
  static ObjectNode ticket(int number, int edition) {
    int mixed = mix(number * 31 + edition);
    ObjectNode ticket = Json.object();
    ticket.put("id", Long.toString(1_000_000_000L + number));
    ticket.put("subject", PROSE.substring(mixed & 0xfff, (mixed & 0xfff) + 40));
    ticket.put("number", 1_000_000_000L + number);
    ticket.put("status", STATUS[Math.floorMod(mixed, STATUS.length)]);
    ticket.put("created_at", "2025-01-1" + number % 10 + "T08:15:00Z");
    ticket.put("updated_at", "2026-01-1" + number % 10 + "T1" + edition % 10 + ":30:00Z");
    int customer = 1_000_000 + number % 50_000;
    ticket
        .putObject("requester")
        .put("name", "Customer " + customer)
        .put("id", customer)
        .put("email", "customer" + customer + "@example.com");
    ticket.put("assignee", "agent-" + (100 + number % 200));
    ticket.putArray("tags").add(TAGS[mixed & 3]).add(TAGS[(mixed >> 2) & 3]);
    ticket.put("effort", BigDecimal.valueOf(1_001 + Math.floorMod(mixed, 4_000) * 2L, 2));
    ticket.put("public", true);
    ObjectNode custom = ticket.putObject("custom_fields");
    custom.put("plan", "enterprise").putNull("region").put("seats", 100 + number % 900);
    int from = (mixed >>> 8) & 0xffff;
    ticket.put("description", PROSE.substring(from, from + DESCRIPTION));
    return ticket;
  }

  private static int mix(int value) {
    int mixed = value * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }

  /** Words made of letters, so that it packs about as well as prose does. */
  private static String prose() {
    Random random = new Random(3);
    StringBuilder prose = new StringBuilder();
    while (prose.length() < 0x11000) {
      int length = 2 + random.nextInt(8);
      for (int i = 0; i < length; i++) {
        prose.append("etaoinshrdlucmfw".charAt(random.nextInt(16)));
      }
      prose.append(' ');
    }
    return prose.toString();
  }
}
