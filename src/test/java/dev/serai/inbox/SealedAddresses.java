package dev.serai.inbox;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.http.Headers;
import dev.serai.vault.Vault;

/** A connection's own webhook address with the secret that came to it, for tests elsewhere. */
public final class SealedAddresses {
  private final Addresses addresses;
  private final Connection connection;
  private final String address;

  public SealedAddresses(Database database, Vault vault, Connection connection) {
    this.addresses = new Addresses(database, vault, any -> "http://a/b");
    this.connection = connection;
    this.address = addresses.make(connection);
  }

  private Addresses.Known known() {
    Arrival arrival = new Arrival("POST", address, Headers.NONE, new byte[0]);
    return addresses.of(connection.integration(), arrival).orElseThrow();
  }

  /** Answers what it is sealed for. */
  public String keep(String secret) {
    if (!addresses.keep(known(), secret)) {
      throw new AssertionError("there was a secret already");
    }
    return known().row().uuid().toString();
  }

  /** As whoever proves a webhook that came there. */
  public String takeUp() {
    return known().secret().orElseThrow();
  }
}
