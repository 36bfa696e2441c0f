package dev.serai.connection;

import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.vault.Vault;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * What renewals are made of.
 *
 * @param vault of the credentials; {@code sealing} seals answers on their way
 * @param apps the app of an integration
 * @param listeners told when a grant is over or mended; the same as those of {@link Connections}
 */
public record RefreshRooms(
    RefreshSettings settings,
    Database database,
    CredentialVault vault,
    Vault sealing,
    LongFunction<App> apps,
    Renewal renewal,
    Supplier<Catalogue> catalogue,
    ConnectionStore connections,
    List<ConnectionListener> listeners,
    Outbox outbox,
    ReconnectLinks links,
    RefreshObserver observer) {

  /** When tokens of this type are renewed at the connection's provider. */
  Provider.Renewing renewing(Connection connection, Credentials credentials) {
    return catalogue
        .get()
        .find(connection.provider())
        .map(provider -> provider.renewing(credentials.type()))
        .orElse(Provider.Renewing.USUAL);
  }
}
