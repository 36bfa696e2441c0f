package dev.serai.connection;

import dev.serai.http.HttpAnswer;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How credentials are renewed, without storing anything: {@link #send} and {@link #read} are apart
 * so that the answer can be stored before it is understood. Thread-safe.
 */
public interface Renewal {
  /** Whether there is a way to renew these (a refresh token, a client secret, a key). */
  boolean possible(Connection connection, Credentials credentials);

  /**
   * True if sending may use up what it is sent with (a rotating refresh token), so that a call
   * without an answer leaves in doubt which token is in force. Others may be sent again at will.
   */
  boolean consuming(Connection connection, Credentials credentials);

  /**
   * Sends once; retries and redirects nothing.
   *
   * @param patience how long to wait for the answer, from how long such a call may take
   * @return any final answer; a mode that signs by itself answers 200 with its own token
   * @throws dev.serai.http.HttpFailure when no answer came; {@code neverSent()} tells that the
   *     provider cannot have seen it
   */
  HttpAnswer send(Connection connection, App app, Grant old, UnaryOperator<Duration> patience);

  /** As long as such a call may take. */
  default HttpAnswer send(Connection connection, App app, Grant old) {
    return send(connection, app, old, UnaryOperator.identity());
  }

  /**
   * What the answer means. Never throws for what a provider may answer.
   *
   * @param waited how long ago it came: what it says of the time counts from then
   */
  Renewed read(Connection connection, App app, Grant old, HttpAnswer answer, Duration waited);

  /** Of an answer that came just now. */
  default Renewed read(Connection connection, App app, Grant old, HttpAnswer answer) {
    return read(connection, app, old, answer, Duration.ZERO);
  }

  /** What a renewal came to. */
  sealed interface Renewed {
    record Fresh(Granted granted) implements Renewed {}

    /** The provider could not say: 5xx, 429, HTML, nonsense. Try again; nothing is dead. */
    record Unclear(String code, String message, Done done) implements Renewed {}

    /** The provider said no. */
    record Refused(Why why, String code, String message) implements Renewed {}
  }

  /** Whether a provider that brought no token may have used up what it was sent. */
  enum Done {
    /** It says in its own words that it did nothing. */
    NO,
    /** Something between may have swallowed its yes: a gateway's page, an error, half an answer. */
    MAYBE,
    /** It says yes, and the token is not where it is declared to be. */
    YES
  }

  /** Why a provider says no; what has to be done follows from it. */
  enum Why {
    /** The customer, an administrator or the provider withdrew it: reconnect. */
    REVOKED,
    /** The refresh token's time was over: reconnect. */
    EXPIRED,
    /** The app's client id, secret or key is wrong: the developer has to mend the integration. */
    MISCONFIGURED
  }
}
