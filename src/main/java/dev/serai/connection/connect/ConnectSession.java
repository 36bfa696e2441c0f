package dev.serai.connection.connect;

import java.time.Instant;
import java.util.List;
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
    return allowed != null && used.containsAll(allowed);
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
