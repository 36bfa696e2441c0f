package dev.serai.connection;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whose connections are, as providers say. */
final class AccountStore {
  private static final String ACCOUNT = "select account from connection where id = :id";

  /** Who it is at the provider, as far as anybody said. */
  Optional<String> find(Handle transaction, long id) {
    return transaction.createQuery(ACCOUNT).bind("id", id).mapTo(String.class).findOne();
  }

  private static final String SET_ACCOUNT =
      "update connection set account = :account where id = :id";

  void set(Handle transaction, long id, String account) {
    transaction.createUpdate(SET_ACCOUNT).bind("id", id).bind("account", account).execute();
  }
}
