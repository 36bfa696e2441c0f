package dev.serai.sample.oauth;

import dev.serai.sample.oauth.Counts.Event;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From the question on the consent page to the code that is good for tokens once. Every method is
 * one atomic step.
 */
public final class Codes {
  private static final Duration CODE = Duration.ofSeconds(60);
  private static final Duration QUESTION = Duration.ofMinutes(10);

  private record Question(AuthorizeRequest request, Instant end) {}

  private static final class Code {
    final AuthorizeRequest request;
    final Account account;
    final Instant end;
    boolean spent;
    @Nullable String issued;

    Code(AuthorizeRequest request, Account account, Instant end) {
      this.request = request;
      this.account = account;
      this.end = end;
    }
  }

  private final InstantSource clock;
  private final Grants grants;
  private final String mark;
  private final Map<String, Question> questions = new Secrets.Kept<>();
  private final Map<String, Code> codes = new Secrets.Kept<>();
  private final Set<String> told = new TreeSet<>();

  public Codes(InstantSource clock, Grants grants, OAuthOptions options) {
    this.clock = clock;
    this.mark = options.mark();
    this.grants = grants;
  }

  /** Keeps what is asked while the customer thinks, at most ten minutes; returns its name. */
  public synchronized String ask(AuthorizeRequest request) {
    String name = Secrets.draw("");
    questions.put(name, new Question(request, clock.instant().plus(QUESTION)));
    if (request.state() != null) {
      told.add(request.state());
    }
    return name;
  }

  /**
   * What the customer answered, once.
   *
   * @param decided null: no
   * @return where the browser goes with a code or the refusal
   * @throws OAuthError if the question was answered before or is too old
   */
  public synchronized URI decide(String question, @Nullable Account decided) {
    Question asked = questions.remove(question);
    if (asked == null || !clock.instant().isBefore(asked.end())) {
      throw OAuthError.invalidRequest("This page was answered before or is too old.");
    }
    if (decided == null) {
      return asked
          .request()
          .back(outcome("access_denied", "error_description", "the customer said no"));
    }
    String code = Secrets.draw(mark + "code_");
    codes.put(code, new Code(asked.request(), decided, clock.instant().plus(CODE)));
    grants.count(Event.AUTHORIZATIONS);
    return asked.request().back(Map.of("code", code));
  }

  private static Map<String, String> outcome(String error, String name, String value) {
    Map<String, String> outcome = new LinkedHashMap<>();
    outcome.put("error", error);
    outcome.put(name, value);
    return outcome;
  }

  /**
   * Turns a code into tokens. Whatever is wrong with the first attempt spends the code; a second
   * one ends what the first was given (RFC 6749, 4.1.2).
   *
   * @throws OAuthError {@code invalid_grant}
   */
  public synchronized TokenAnswer exchange(String text, String redirect, String verifier) {
    told.add(verifier);
    Code code = codes.get(text);
    if (code == null) {
      throw grants.invalid("there is no such code");
    }
    if (code.spent) {
      grants.count(Event.REUSE_DETECTED);
      Optional.ofNullable(code.issued).ifPresent(grants::revoke);
      throw grants.invalid("the code was used before; what it gave is revoked");
    }
    code.spent = true;
    if (!clock.instant().isBefore(code.end)) {
      throw grants.invalid("the code is older than a minute");
    }
    if (!code.request.redirect().toString().equals(redirect)) {
      throw grants.invalid("redirect_uri is not the one that the code was sent to");
    }
    if (!code.request.challenge().equals(challenge(verifier))) {
      throw grants.invalid("code_verifier does not fit code_challenge");
    }
    TokenAnswer answer = grants.begin(code.account, code.request.scope());
    code.issued = answer.refreshToken();
    grants.count(Event.EXCHANGES);
    return answer;
  }

  /** S256 (RFC 7636, 4.2); empty for what is no verifier (4.1). */
  static String challenge(String verifier) {
    if (!verifier.matches("[A-Za-z0-9._~-]{43,128}")) {
      return "";
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Every code, state and verifier, for whoever must not find one elsewhere. */
  public synchronized Set<String> secrets() {
    Set<String> all = new TreeSet<>(codes.keySet());
    all.addAll(told);
    all.remove("");
    return all;
  }
}
