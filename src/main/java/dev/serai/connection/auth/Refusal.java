package dev.serai.connection.auth;

import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.provider.Tokens;
import dev.serai.vault.Redactor;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider's no, in its own words and without secrets.
 *
 * @param readable it came in the words of the API, not as a page of HTML or worse
 * @param code the provider's own, else {@code http_<status>}
 * @param message for people: who refused, and what it said
 */
record Refusal(int status, boolean readable, String code, String words, String message) {
  private static final int LONGEST = 300;
  private static final Set<String> MISCONFIGURED =
      Set.of(
          "invalid_client",
          "unauthorized_client",
          "unsupported_grant_type",
          "invalid_scope",
          "redirect_uri_mismatch");
  private static final Set<String> TRANSIENT =
      Set.of("temporarily_unavailable", "server_error", "slow_down");

  /**
   * @param secrets what the request carried, which an answer may repeat
   */
  static Refusal of(String provider, TokenAnswer answer, Collection<String> secrets) {
    String code = answer.error();
    String said = clean(answer.errorText(), secrets);
    String shown = clean(code, secrets);
    StringBuilder message =
        new StringBuilder(provider).append(" answered ").append(answer.status());
    if (!shown.isEmpty()) {
      message.append(": ").append(shown);
    }
    if (!said.isEmpty()) {
      message.append(shown.isEmpty() ? ": " : " (").append(said).append(shown.isEmpty() ? "" : ")");
    }
    if (shown.isEmpty() && said.isEmpty()) {
      message.append(answer.body() == null ? " with what is not JSON" : " without a token");
    }
    return new Refusal(
        answer.status(),
        answer.body() != null,
        shown.isEmpty() ? "http_" + answer.status() : shown,
        said,
        message.toString());
  }

  /** A provider's text, fit to be shown: one line, bounded, without secrets. */
  static String clean(@Nullable String text, Collection<String> secrets) {
    if (text == null) {
      return "";
    }
    // As it was said first: a key of several lines is none any more when they are one.
    String whole = new Redactor(secrets).redact(text);
    String safe = whole.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST) + "…";
  }

  /** What it means for a grant that was to be renewed. */
  Renewed meaning(Tokens.Renewing declared) {
    if (declared.revoked().contains(code)) {
      return refused(Why.REVOKED);
    }
    if (declared.expired().contains(code)) {
      return refused(Why.EXPIRED);
    }
    if (declared.misconfigured().contains(code)) {
      return refused(Why.MISCONFIGURED);
    }
    boolean later = status >= 500 || status == 429 || status == 408;
    if (later || TRANSIENT.contains(code)) {
      return new Renewed.Unclear(code, message);
    }
    if (code.equals("invalid_grant")) {
      boolean expired = words.toLowerCase(Locale.ROOT).contains("expired");
      // "expired or revoked" is how most say that they will not tell.
      boolean either = words.toLowerCase(Locale.ROOT).contains("revoked");
      return refused(expired && !either ? Why.EXPIRED : Why.REVOKED);
    }
    return MISCONFIGURED.contains(code)
        ? refused(Why.MISCONFIGURED)
        : new Renewed.Unclear(code, message);
  }

  Renewed refused(Why why) {
    return new Renewed.Refused(why, code, message);
  }
}
