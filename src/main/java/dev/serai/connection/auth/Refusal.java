package dev.serai.connection.auth;

import dev.serai.connection.ProviderWords;
import dev.serai.connection.Renewal.Done;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.provider.Tokens;
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
record Refusal(
    int status, boolean readable, String code, String words, String message, Trouble trouble) {
  private static final Set<String> MISCONFIGURED =
      Set.of(
          "invalid_client",
          "unauthorized_client",
          "unsupported_grant_type",
          "invalid_scope",
          "redirect_uri_mismatch");
  private static final Set<String> TRANSIENT =
      Set.of("temporarily_unavailable", "server_error", "slow_down");

  /** What an auth mode makes of a no that nobody declared; null: nothing of its own. */
  interface Own {
    @Nullable Renewed of(Refusal refusal);
  }

  /**
   * @param secrets what the request carried, which an answer may repeat
   */
  static Refusal of(String provider, TokenAnswer answer, Collection<String> secrets) {
    String code = answer.error();
    String said = ProviderWords.clean(answer.errorText(), secrets);
    String shown = ProviderWords.clean(code, secrets);
    StringBuilder message =
        new StringBuilder(provider).append(" answered ").append(answer.status());
    if (!shown.isEmpty()) {
      message.append(": ").append(shown);
    }
    if (!said.isEmpty()) {
      message.append(shown.isEmpty() ? ": " : " (").append(said).append(shown.isEmpty() ? "" : ")");
    }
    if (shown.isEmpty() && said.isEmpty()) {
      boolean page = answer.body() == null && answer.headers().first(TokenAnswer.LACKS).isEmpty();
      message.append(page ? " with what is not JSON" : " without " + answer.lacking());
    }
    return new Refusal(
        answer.status(),
        answer.body() != null,
        shown.isEmpty() ? "http_" + answer.status() : shown,
        said,
        message.toString(),
        Trouble.of(answer));
  }

  /** Its words, else its code; null: it had neither. */
  @Nullable String said() {
    return !words.isEmpty() ? words : code.equals("http_" + status) ? null : code;
  }

  /** What it means for a grant that was to be renewed. */
  Renewed meaning(Tokens.Renewing declared) {
    return meaning(declared, refusal -> null);
  }

  /**
   * As the provider's file says it, else as trouble that passes, else as the mode knows it, else as
   * RFC 6749 does.
   */
  Renewed meaning(Tokens.Renewing declared, Own own) {
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
    boolean limited = (status == 401 || status == 403) && trouble.limited();
    if (later || limited || TRANSIENT.contains(code)) {
      return unclear();
    }
    Renewed ofMode = readable ? own.of(this) : null;
    return ofMode == null ? usual() : ofMode;
  }

  private Renewed usual() {
    if (code.equals("invalid_grant")) {
      boolean expired = words.toLowerCase(Locale.ROOT).contains("expired");
      // "expired or revoked" is how most say that they will not tell.
      boolean either = words.toLowerCase(Locale.ROOT).contains("revoked");
      return refused(expired && !either ? Why.EXPIRED : Why.REVOKED);
    }
    return MISCONFIGURED.contains(code) ? refused(Why.MISCONFIGURED) : unclear();
  }

  Renewed unclear() {
    return new Renewed.Unclear(code, message, done());
  }

  /** What is not a client error in the API's own words may hide a yes. */
  private Done done() {
    boolean saysNothing = code.equals("http_" + status);
    if (readable && status >= 200 && status < 300 && saysNothing) {
      return Done.YES;
    }
    boolean refused = status == 429 || readable && status >= 400 && status < 500 && status != 408;
    return refused ? Done.NO : Done.MAYBE;
  }

  Renewed refused(Why why) {
    return new Renewed.Refused(why, code, message);
  }
}
