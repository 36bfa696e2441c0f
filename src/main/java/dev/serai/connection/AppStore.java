package dev.serai.connection;

import dev.serai.database.Database;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The sealed secrets of integrations; nothing here can open them. Thread-safe. */
final class AppStore {
  private final Database database;

  AppStore(Database database) {
    this.database = database;
  }

  private static final String CREDENTIALS =
      "select credentials from integration where id = :id and deleted_at is null and credentials is not null";

  Optional<byte[]> credentials(long integration) {
    return find(CREDENTIALS, integration);
  }

  private static final String WEBHOOK_SECRET =
      "select webhook_secret from integration where id = :id and deleted_at is null and webhook_secret is not null";

  Optional<byte[]> webhookSecret(long integration) {
    return find(WEBHOOK_SECRET, integration);
  }

  private Optional<byte[]> find(String query, long integration) {
    return database.read(
        handle -> handle.createQuery(query).bind("id", integration).mapTo(byte[].class).findOne());
  }

  private static final String PUT_CREDENTIALS =
      "update integration set credentials = :sealed, updated_at = clock_timestamp() where id = :id";

  void putCredentials(Handle transaction, long integration, byte[] sealed) {
    put(transaction, PUT_CREDENTIALS, integration, sealed);
  }

  private static final String PUT_WEBHOOK_SECRET =
      "update integration set webhook_secret = :sealed, updated_at = clock_timestamp() where id = :id";

  void putWebhookSecret(Handle transaction, long integration, byte[] sealed) {
    put(transaction, PUT_WEBHOOK_SECRET, integration, sealed);
  }

  private static final String KEEP_WEBHOOK_SECRET =
      PUT_WEBHOOK_SECRET + " and webhook_secret is null and deleted_at is null";

  boolean keepWebhookSecret(long integration, byte[] sealed) {
    return database.inTransaction(handle ->
        handle
                .createUpdate(KEEP_WEBHOOK_SECRET)
                .bind("id", integration)
                .bind("sealed", sealed)
                .execute()
            == 1);
  }

  private static void put(Handle transaction, String update, long integration, byte[] sealed) {
    transaction.createUpdate(update).bind("id", integration).bind("sealed", sealed).execute();
  }
}
