package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ReconnectLinks;
import dev.serai.database.Database;
import dev.serai.vault.KeyHash;
import dev.serai.vault.Vault;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Hands out connect sessions and recognises them. A token is 256 random bits and stored as its hash
 * only, so that a look-up tells nothing by its timing and a stolen table opens nothing.
 * Thread-safe.
 */
public final class ConnectSessions implements ReconnectLinks {
  public static final Duration LIFE = Duration.ofMinutes(30);
  private static final Duration LINK_LIFE = Duration.ofDays(7);
  private static final String PREFIX = "nango_connect_session_";
  private static final Pattern FORM = Pattern.compile("nango_connect_session_[0-9a-f]{64}");
  private static final String PURPOSE = "connect_session";

  private final Database database;
  private final ConnectSessionStore store;
  private final Vault vault;
  private final URI page;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param page the Connect page, where links lead
   */
  public ConnectSessions(Database database, Vault vault, URI page) {
    this.database = database;
    this.store = new ConnectSessionStore(database);
    this.vault = vault;
    this.page = page;
  }

  /** A session that is asked for; see {@link ConnectSession}. */
  public record Draft(
      int environment,
      @Nullable List<String> allowed,
      @Nullable Long reconnects,
      boolean sameAccount,
      SessionTerms terms) {}

  /**
   * @param token shown once, to whoever asked; {@code link} holds it too
   */
  public record Issued(String token, String link, Instant expiresAt) {
    @Override
    public String toString() {
      return "Issued[hidden]";
    }
  }

  /** Hands out a session for half an hour. */
  public Issued issue(Draft draft) {
    return database.inTransaction(handle -> issue(handle, draft, LIFE));
  }

  private Issued issue(Handle transaction, Draft draft, Duration life) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String token = PREFIX + HexFormat.of().formatHex(secret);
    UUID id = UUID.randomUUID();
    byte[] sealed = vault.seal(PURPOSE, id.toString(), Json.write(draft.terms().json()));
    Instant end = store.insert(transaction, draft, id, KeyHash.of(token), sealed, life);
    return new Issued(token, page + "?session_token=" + token, end);
  }

  /** Whether a text has the form of a token; others are never looked up. */
  public static boolean isToken(String text) {
    return FORM.matcher(text).matches();
  }

  /** Whether a text pretends to be a token. */
  public static boolean looksLike(String text) {
    return text.startsWith(PREFIX);
  }

  /** The session of a token; empty if there is none, it was ended, or its time is over. */
  public Optional<ConnectSession> find(String token) {
    return isToken(token) ? store.find(KeyHash.of(token)).map(this::opened) : Optional.empty();
  }

  private ConnectSession opened(ConnectSessionStore.Row row) {
    String terms = vault.openText(PURPOSE, row.id().toString(), row.sealed());
    return new ConnectSession(
        row.id(),
        row.environment(),
        row.environmentName(),
        row.allowed(),
        row.connection(),
        row.sameAccount(),
        row.used(),
        new SessionTerms((ObjectNode) Json.parse(terms)),
        row.expiresAt());
  }

  /** Whether nobody has ended it, even if its time is over meanwhile. */
  boolean lives(Handle transaction, UUID session) {
    return store.lives(transaction, session);
  }

  /**
   * Uses it up for one integration, for good if the transaction commits. A link that was sent by
   * mail, or stands in a browser's history, is then worth nothing to whoever finds it.
   *
   * @param key the integration's
   * @return false: it had been used for it already
   */
  boolean use(Handle transaction, UUID session, String key) {
    return store.use(transaction, session, key);
  }

  /** What the customer's AWS role must ask for; empty: the session does not say whose it is. */
  public Optional<String> externalId(ConnectSession session) {
    ExternalIds ids = new ExternalIds(database);
    return session
        .endUser()
        .or(() -> Optional.ofNullable(session.reconnects()).flatMap(ids::endUser))
        .map(user -> ids.of(session.environment(), user, ""));
  }

  /** Gives a use back that came to nothing; null: there was no session. */
  void unuse(@Nullable UUID session, String key) {
    if (session != null) {
      store.unuse(session, key);
    }
  }

  /** Ends it at once, with every flow that began in it. */
  public void end(ConnectSession session) {
    store.delete(session.id());
  }

  @Override
  public Optional<String> link(Handle transaction, Connection connection) {
    Draft draft =
        new Draft(
            connection.environment(),
            List.of(connection.providerConfigKey()),
            connection.id(),
            true,
            new SessionTerms(Json.object()));
    return Optional.of(issue(transaction, draft, LINK_LIFE).link());
  }
}
