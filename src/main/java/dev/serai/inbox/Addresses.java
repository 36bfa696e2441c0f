package dev.serai.inbox;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.vault.KeyHash;
import dev.serai.vault.Vault;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Webhook addresses of single connections, each with a word that nobody can guess: who knows it was
 * told by us, so the first secret that comes there is the provider's. Thread-safe.
 */
public final class Addresses {
  /** The query parameter with the word. */
  static final String PARAMETER = "address";

  private static final String PURPOSE = "webhook_address";
  private static final int WORD_BYTES = 24;

  private final AddressStore store;
  private final Vault vault;
  private final Function<Connection, String> integrationAddress;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param integrationAddress where the webhooks of a connection's integration are sent to
   */
  public Addresses(
      Database database, Vault vault, Function<Connection, String> integrationAddress) {
    this.store = new AddressStore(database);
    this.vault = vault;
    this.integrationAddress = integrationAddress;
  }

  /**
   * A new address, committed. It serves as long as the connection lives, if a secret comes to it
   * within a day.
   */
  public String make(Connection connection) {
    byte[] bytes = new byte[WORD_BYTES];
    random.nextBytes(bytes);
    String word = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    store.make(UUID.randomUUID(), connection.id(), KeyHash.of(word));
    return integrationAddress.apply(connection) + "?" + PARAMETER + "=" + word;
  }

  /**
   * @param secret empty: not handed over yet
   */
  record Known(AddressStore.Row row, Optional<String> secret) {
    long connection() {
      return row.connection();
    }
  }

  /** The address that a delivery came to; empty if it is none of this integration's. */
  Optional<Known> of(long integration, Arrival arrival) {
    return arrival
        .query(PARAMETER)
        .flatMap(word -> store.find(integration, KeyHash.of(word)))
        .map(row ->
            new Known(row, Optional.ofNullable(row.sealed()).map(sealed -> open(row, sealed))));
  }

  private String open(AddressStore.Row row, byte[] sealed) {
    return vault.openText(PURPOSE, row.uuid().toString(), sealed);
  }

  /** Keeps the first secret for good; false if there is one. */
  boolean keep(Known address, String secret) {
    byte[] sealed = vault.seal(PURPOSE, address.row().uuid().toString(), secret);
    return store.keep(address.row().id(), sealed);
  }
}
