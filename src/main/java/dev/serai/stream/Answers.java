package dev.serai.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.JsltException;
import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.connection.RefreshFailure;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Jslt;
import dev.serai.provider.StreamSpec;
import dev.serai.provider.StreamSpec.ErrorRule;
import dev.serai.stream.StreamException.ErrorClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means. Messages name status, place and remedy, never a byte of the body: it may
 * hold what is private.
 */
final class Answers {
  private final StreamSpec stream;
  private final String label;

  Answers(StreamSpec stream, String label) {
    this.stream = stream;
    this.label = "stream " + stream.name() + " of " + label;
  }

  /** What to do with one answer. */
  sealed interface Reading {
    record Body(JsonNode json) implements Reading {}

    record End() implements Reading {}

    record StartOver() implements Reading {}
  }

  Reading read(HttpAnswer answer) {
    for (ErrorRule rule : stream.onError()) {
      if (fits(rule, answer)) {
        return apply(rule, answer);
      }
    }
    if (!answer.ok()) {
      throw refused(answer.status());
    }
    return new Reading.Body(answer.status() == 204 ? NullNode.instance : json(answer.body()));
  }

  /**
   * The list in the body; a body without one is an error, since "no rows" would delete them all.
   */
  JsonNode rows(JsonNode body) {
    if (body.isNull()) {
      return Json.array();
    }
    Jslt path = stream.recordsPath();
    JsonNode rows = path == null ? body : evaluate(path, () -> path.apply(body));
    if (!rows.isArray()) {
      String place = path == null ? "." : path.text();
      throw exception(
          "records_not_found",
          ErrorClass.PROVIDER,
          "the answer has no list at '%s'; where the API leaves an empty list out, write: if (%s) %s else []"
              .formatted(place, place, place));
    }
    return rows;
  }

  /** Runs an expression; one that fails on this answer is the provider file's fault. */
  <T> T evaluate(Jslt expression, Supplier<T> work) {
    try {
      return work.get();
    } catch (JsltException e) {
      throw new StreamException(
          "expression_failed",
          ErrorClass.SYSTEM,
          label + ": '" + expression.text() + "' failed on an answer: correct it in provider.yaml",
          e);
    }
  }

  StreamException exception(String code, ErrorClass errorClass, String message) {
    return new StreamException(code, errorClass, label + ": " + message);
  }

  StreamException refused(int status) {
    return switch (status) {
      case 401 ->
          exception("unauthorized", ErrorClass.AUTH, "401, the credentials are not accepted");
      case 403 ->
          exception("forbidden", ErrorClass.CONFIG, "403, the account may not read this list");
      case 404, 410 ->
          exception(
              "not_found",
              ErrorClass.CONFIG,
              status + ", there is no such list: check the connection's address");
      case 408, 425, 429 ->
          exception("rate_limited", ErrorClass.TRANSIENT, status + " after all attempts");
      default -> {
        if (status >= 500) {
          yield exception(
              "provider_unavailable", ErrorClass.TRANSIENT, status + " after all attempts");
        }
        yield status >= 400
            ? exception(
                "request_refused", ErrorClass.SYSTEM, status + ", the API refuses our request")
            : exception("unexpected_status", ErrorClass.PROVIDER, status + " instead of an answer");
      }
    };
  }

  /** What kept an answer from coming, in the words of a stream. */
  StreamException noAnswer(SeraiException failure) {
    ErrorClass errorClass =
        failure instanceof RefreshFailure grant
            ? grant.passing() ? ErrorClass.TRANSIENT : ErrorClass.AUTH
            : errorClass(failure.code());
    // It names the connection by itself.
    return new StreamException(
        failure.code(),
        errorClass,
        "stream " + stream.name() + ": " + failure.getMessage(),
        failure);
  }

  private static ErrorClass errorClass(String code) {
    return switch (code) {
      case "connect_failed", "timeout", "connection_reset", "answer_truncated", "interrupted" ->
          ErrorClass.TRANSIENT;
      case "address_refused", "invalid_base_url" -> ErrorClass.CONFIG;
      case "wrong_credentials" -> ErrorClass.AUTH;
      case "answer_too_large", "invalid_answer", "foreign_link" -> ErrorClass.PROVIDER;
      default -> ErrorClass.SYSTEM;
    };
  }

  private boolean fits(ErrorRule rule, HttpAnswer answer) {
    if (!rule.statuses().isEmpty() && !rule.statuses().contains(answer.status())) {
      return false;
    }
    String text = rule.bodyContains();
    if (text != null && !new String(answer.body(), StandardCharsets.UTF_8).contains(text)) {
      return false;
    }
    Jslt expression = rule.expression();
    return expression == null
        || parsed(answer)
            .map(body -> evaluate(expression, () -> expression.holds(body)))
            .orElse(false);
  }

  private Reading apply(ErrorRule rule, HttpAnswer answer) {
    String message = rule.message().isEmpty() ? "status " + answer.status() : rule.message();
    return switch (rule.action()) {
      case END_STREAM -> new Reading.End();
      case RESTART_PAGINATION -> new Reading.StartOver();
      case RETRY -> throw exception("retry_later", ErrorClass.TRANSIENT, message);
      case FAIL ->
          throw exception("provider_error", ErrorClass.valueOf(rule.errorClass()), message);
    };
  }

  private static Optional<JsonNode> parsed(HttpAnswer answer) {
    try {
      return Optional.ofNullable(Json.parse(answer.body()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private JsonNode json(byte[] bytes) {
    @Nullable JsonNode node = null;
    long offset = 0;
    try {
      node = Json.parse(bytes);
    } catch (JsonProcessingException e) {
      offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
    } catch (IOException e) {
      offset = 0;
    }
    if (node == null || node.isMissingNode()) {
      throw exception(
          "invalid_json",
          ErrorClass.PROVIDER,
          "the answer (%,d bytes) is not JSON from byte %,d on".formatted(bytes.length, offset));
    }
    return node;
  }
}
