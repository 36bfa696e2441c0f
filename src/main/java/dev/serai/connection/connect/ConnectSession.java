package dev.serai.connection.connect;

import dev.serai.connection.EndUser;
import dev.serai.vault.KeyHash;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A customer's leave to connect, handed out by the backend of one environment.
 *
 * @param allowed unique keys of integrations; null: all of the environment
 * @param reconnects the row id of the one connection it may reconnect; null: it makes new ones
 * @param sameAccount another account is refused even when it is confirmed
 * @param used unique keys of integrations whose connection it has made: it makes no second one
 */
public record ConnectSession(
    UUID id,
    int environment,
    String environmentName,
    @Nullable List<String> allowed,
    @Nullable Long reconnects,
    boolean sameAccount,
    Set<String> used,
    SessionTerms terms,
    Instant expiresAt) {

  /** Whether nothing is left that it could connect. */
  public boolean spent() {
    return allowed != null && !allowed.isEmpty() && used.containsAll(allowed);
  }

  /**
   * The id of the connection that it makes with an integration: the same in each attempt, so that a
   * page that was told of a pending one waits for the right one. Nobody can guess it: the session's
   * own id is random and never shown.
   */
  public UUID connectionId(long integration) {
    ByteBuffer drawn = ByteBuffer.wrap(KeyHash.of(id + ":" + integration));
    long high = (drawn.getLong() & ~0xF000L) | 0x4000L; // the version and variant of a random UUID
    long low = (drawn.getLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  Optional<String> endUser() {
    return Optional.ofNullable(terms.endUser()).map(EndUser::id);
  }

  public boolean allows(String integration) {
    return allowed == null || allowed.contains(integration);
  }

  /** Whether a reconnect may bring another account if the customer, once asked, wants that. */
  public boolean accountIsAskedFor() {
    return !sameAccount && terms.accountMayChange().isEmpty();
  }

  /**
   * Whether a reconnect may bring another account.
   *
   * @param confirmed by the customer, which counts only where the backend decided nothing
   */
  public boolean accountMayChange(boolean confirmed) {
    return !sameAccount && terms.accountMayChange().orElse(confirmed);
  }
}
