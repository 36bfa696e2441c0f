package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One thing that goes wrong with one answer.
 *
 * @param options what the kind understands; see {@link Kind}
 */
record Fault(Kind kind, JsonNode options) {
  static final Fault NONE = new Fault(Kind.NONE, Json.object());

  /** What can go wrong, and with which options. */
  enum Kind {
    NONE,
    /** 429 with {@code Retry-After: retry_after} (seconds, 1). */
    RATE_LIMITED,
    /** An error {@code status} (500) instead of the answer; the request is not carried out. */
    STATUS,
    /** The request is carried out, but the answer is an error {@code status} (500). */
    STATUS_AFTER,
    /** The connection is closed before a single byte of an answer. */
    DROPPED,
    /** The announced length is right, but only half of the body comes before the close. */
    TRUNCATED,
    /** {@code bytes} (64) at a time with {@code pause_ms} (100) between. */
    SLOW,
    /** Nothing is answered for {@code hold_ms} (600,000), then the connection is closed. */
    SILENT,
    /** The body stops being JSON somewhere in the middle. */
    INVALID_JSON,
    /** 200 without a body. */
    EMPTY,
    /** Keys in another order and numbers spelt differently; the meaning is the same. */
    REORDERED,
    /** The body is padded to {@code megabytes} (50) by one enormous ticket body. */
    OVERSIZED,
    /** The page ignores its limit and holds {@code records} (10,000). */
    BIG_PAGE,
    /** The page is empty although more follow: its records were hidden after limiting. */
    HIDDEN_PAGE,
    /** The pointer to the next page points at this very page. */
    REPEATED_CURSOR;

    static final List<String> NAMES =
        Arrays.stream(values()).filter(k -> k != NONE).map(Kind::wireName).toList();

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  int option(String name, int fallback) {
    return options.path(name).asInt(fallback);
  }
}
