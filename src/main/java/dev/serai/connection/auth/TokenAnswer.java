package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Tokens;
import dev.serai.provider.Jslt;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint answered, whatever that was: no body makes this throw. Holds secrets.
 *
 * @param body null: neither JSON nor a form
 * @param words where the provider says what
 */
record TokenAnswer(int status, Headers headers, @Nullable ObjectNode body, Tokens.Answer words) {
  /** A header of our own: what is said there was to be in the answer, so that it is no token's. */
  static final String LACKS = "Serai-Lacks";

  /** Beyond it no date is meant: longer than any token lives. */
  private static final BigDecimal LONGEST = BigDecimal.valueOf(100L * 366 * 24 * 3600);

  private static final BigDecimal MILLIS = BigDecimal.valueOf(100_000_000_000L);

  static TokenAnswer of(HttpAnswer answer, Tokens.Answer words) {
    return new TokenAnswer(answer.status(), answer.headers(), body(answer), words);
  }

  private static @Nullable ObjectNode body(HttpAnswer answer) {
    try {
      if (Json.parse(answer.body()) instanceof ObjectNode object) {
        return object;
      }
      return null;
    } catch (IOException | RuntimeException e) {
      return form(new String(answer.body(), StandardCharsets.UTF_8).strip());
    }
  }

  /** As OAuth 1.0a answers, and some older OAuth 2 servers. */
  private static @Nullable ObjectNode form(String text) {
    if (!text.matches("[\\w.-]+=[^\\s<>\"]*(&[\\w.-]+=[^\\s<>\"]*)*")) {
      return null;
    }
    ObjectNode form = Json.object();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      try {
        form.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return form;
  }

  ObjectNode raw() {
    return body == null ? Json.object() : body;
  }

  /** Null: there is none in it, whatever the status says. */
  @Nullable String token() {
    boolean yes = status >= 200 && status < 300 && headers.first(LACKS).isEmpty();
    return yes ? text(words.token()) : null;
  }

  /** What is not in it although it says yes. */
  String lacking() {
    return headers.first(LACKS).orElse("a token");
  }

  /** Every text on its top, in lower case: providers hide their reasons anywhere. */
  String texts() {
    return raw()
        .valueStream()
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .collect(Collectors.joining("\n"))
        .toLowerCase(Locale.ROOT);
  }

  @Nullable String refreshToken() {
    return text(words.refreshToken());
  }

  @Nullable String error() {
    return text(words.error());
  }

  @Nullable String errorText() {
    return text(words.errorText());
  }

  @Nullable String account() {
    return words.account() == null ? null : text(words.account());
  }

  /** Values for the configuration that it tells. */
  ObjectNode config() {
    ObjectNode told = Json.object();
    for (Map.Entry<String, Jslt> field : words.config().entrySet()) {
      String value = text(field.getValue());
      if (value != null) {
        told.put(field.getKey(), value);
      }
    }
    return told;
  }

  /** When the token ends; null: it does not say, or nonsense. */
  @Nullable Instant end(Instant now) {
    Instant stated = words.expiresAt() == null ? null : time(value(words.expiresAt()));
    if (stated != null) {
      return stated;
    }
    return after(now, words.expiresIn());
  }

  /**
   * When the refresh token ends that is in force now; null: nobody said.
   *
   * @param had the one before, {@code hadEnd} its end: both hold as long as it is not replaced
   */
  @Nullable Instant refreshEnd(Instant now, @Nullable String had, @Nullable Instant hadEnd) {
    Instant stated = after(now, words.refreshExpiresIn());
    if (stated != null) {
      return stated;
    }
    String next = refreshToken();
    return next == null || next.equals(had) ? hadEnd : null;
  }

  private @Nullable Instant after(Instant now, Jslt path) {
    BigDecimal seconds = number(value(path));
    return seconds == null || seconds.signum() <= 0 || seconds.compareTo(LONGEST) > 0
        ? null
        : now.plusSeconds(seconds.longValue());
  }

  private static @Nullable Instant time(JsonNode value) {
    BigDecimal number = number(value);
    try {
      if (number == null) {
        return value.isTextual() ? OffsetDateTime.parse(value.textValue()).toInstant() : null;
      }
      return number.compareTo(MILLIS) > 0
          ? Instant.ofEpochMilli(number.longValueExact())
          : Instant.ofEpochSecond(number.longValue());
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable BigDecimal number(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    return value.isTextual() && value.textValue().strip().matches("[0-9]{1,18}")
        ? new BigDecimal(value.textValue().strip())
        : null;
  }

  /** A text or number there; null for none, nothing and everything else. */
  private @Nullable String text(@Nullable Jslt path) {
    JsonNode value = value(path);
    String text = value.isTextual() || value.isNumber() ? value.asText() : "";
    return text.isEmpty() ? null : text;
  }

  private JsonNode value(@Nullable Jslt path) {
    if (body == null || path == null) {
      return TextNode.valueOf("");
    }
    try {
      return path.apply(body);
    } catch (RuntimeException e) {
      return TextNode.valueOf(""); // an expression that this answer does not suit
    }
  }

  @Override
  public String toString() {
    return "TokenAnswer[" + status + "]";
  }
}
