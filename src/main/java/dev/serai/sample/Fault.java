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
    /** An HTML page with {@code status} (502) instead of the answer; nothing is carried out. */
    HTML,
    /** The request is carried out, but the answer is an HTML page with {@code status} (502). */
    HTML_AFTER,
    /** An error {@code status} (400) that repeats all headers and the body; nothing is done. */
    ECHO,
    /**
     * Nothing happens for {@code hold_ms} (1,000); then the request is carried out and answered.
     */
    DELAYED,
    /** The request is carried out at once, its answer waits for {@code hold_ms} (1,000). */
    DELAYED_AFTER,
    /** The request is carried out; the connection is closed before a single byte of an answer. */
    DROPPED,
    /** The connection is closed, and nothing was carried out. */
    DROPPED_BEFORE,
    /** The announced length is right, but only half of the body comes before the close. */
    TRUNCATED,
    /** {@code bytes} (64) at a time with {@code pause_ms} (100) between. */
    SLOW,
    /**
     * Carried out, but not answered for {@code hold_ms} (600,000), then the connection is closed.
     */
    SILENT,
    /** As {@link #SILENT}, and nothing was carried out. */
    SILENT_BEFORE,
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
