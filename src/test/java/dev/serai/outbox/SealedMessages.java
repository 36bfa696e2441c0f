package dev.serai.outbox;

import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.vault.Vault;
import java.util.List;
import java.util.Random;

/** A webhook that lies sealed, and its taking up by the deliveries, for tests elsewhere. */
public final class SealedMessages {
  private SealedMessages() {}

  private static Deliveries deliveries(Database database, Vault vault) {
    BodySealing sealing =
        new BodySealing() {
          @Override
          public byte[] seal(OutgoingMessage message, String id, String body) {
            return vault.seal("message", id, body);
          }

          @Override
          public String open(String id, byte[] sealed) {
            return vault.openText("message", id, sealed);
          }
        };
    return new Deliveries(database, Backoff.overThreeDays(new Random(1)), sealing);
  }

  /** Answers the message's id. */
  public static String keep(Database database, Vault vault, int environment, int number) {
    OutgoingMessage message =
        new OutgoingMessage(
            environment, null, "forward", Json.object(), "http://127.0.0.1:9/" + number);
    PostgresOutbox outbox = new PostgresOutbox(deliveries(database, vault));
    return database.inTransaction(handle -> outbox.write(handle, message)).orElseThrow();
  }

  /** As whoever sends it; the others stay where they are. */
  public static String takeUp(Database database, Vault vault, String id) {
    database.useTransaction(handle ->
        handle.execute(
            "update delivery set due_at = case when message = ? then timestamptz 'epoch' else 'infinity' end",
            id));
    List<Delivery> due = deliveries(database, vault).claim(10);
    if (due.size() != 1) {
      throw new AssertionError("a delivery that does not open is handed out: " + due);
    }
    return due.getFirst().body();
  }
}
