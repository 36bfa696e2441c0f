package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connection.Connections.Imported.OtherAccount;
import dev.serai.connection.Connections.Right;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Whose a connection is: the account that the provider names, at the address where it is called.
 * Records of one must never be taken for records of the other, and what was kept for one address is
 * not for another.
 */
final class Identity {
  private final AccountStore accounts = new AccountStore();
  private final Function<Connection, String> addresses;

  /**
   * @param addresses where a connection is called; empty: its configuration does not say
   */
  Identity(Function<Connection, String> addresses) {
    this.addresses = addresses;
  }

  /**
   * @param config what the connection would be configured with
   * @return what is known of the two; empty: it is the same account, as far as anybody can tell
   */
  Optional<OtherAccount> difference(
      Handle transaction, Connection there, ObjectNode config, Offered offered, Right right) {
    Optional<String> known = accounts.find(transaction, there.id());
    String account = offered.account();
    boolean other =
        known.isPresent() && (account == null ? !right.unnamed() : !known.get().equals(account));
    String old = addresses.apply(there);
    String next = addresses.apply(there.configured(over(there.config(), config)));
    boolean moved = !old.isEmpty() && !next.isEmpty() && !old.equals(next);
    return other || moved
        ? Optional.of(
            new OtherAccount(
                told(known.orElse("nobody has named"), old, moved),
                told(account == null ? "nobody has named" : account, next, moved)))
        : Optional.empty();
  }

  /** What is left out stays what it was: a cloud's ID, say, that a route looks up each time. */
  private static ObjectNode over(ObjectNode old, ObjectNode config) {
    ObjectNode over = old.deepCopy();
    config
        .properties()
        .forEach(field -> {
          if (!field.getValue().asText("").isEmpty()) {
            over.set(field.getKey(), field.getValue());
          }
        });
    return over;
  }

  private static String told(String account, String address, boolean moved) {
    return moved ? account + " at " + address : account;
  }

  void keep(Handle transaction, Connection connection, Offered offered) {
    String account = offered.account();
    if (account != null) { // what was known of a connection stays the best that is known
      accounts.set(transaction, connection.id(), account);
    }
  }
}
