package dev.serai.reliability;

import static dev.serai.reliability.HelpdeskWebhooks.PENDING;
import static dev.serai.reliability.HelpdeskWebhooks.number;
import static org.awaitility.Awaitility.await;

import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.support.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while a provider sends webhooks: what was answered is done, what was not is sent
 * again as providers do, and nothing is done twice.
 */
class InboxKillTest {
  private static final long SEED = Long.getLong("serai.seed", 20_261_123);
  private static final int SENT_BETWEEN_KILLS = 40;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private int answered;
  private int repeated;
  private long pending;

  @Test
  @Timeout(300)
  void two_kills_lose_no_webhook_and_do_none_twice() throws Exception {
    survive(2);
  }

  @Test
  @Tag("full")
  @Timeout(1800)
  void thirty_kills_lose_no_webhook_and_do_none_twice() throws Exception {
    survive(30);
  }

  private void survive(int kills) throws Exception {
    DatabaseAddress address = TestServer.shared().freshDatabase();
    try (Receiver backend = new Receiver();
        Simulator helpdesk = Simulator.start(Simulator.Options.TESTS.withTickets(1));
        SeraiProcess serai =
            new SeraiProcess(folder.resolve("node"))
                .with(address)
                .with("SERAI_WEBHOOK_URL", backend.uri().toString())
                .with(
                    "SERAI_OUTGOING_ALLOW",
                    "127.0.0.1:" + helpdesk.uri().getPort() + "," + backend.address());
        Database database =
            new Database(
                address, new Database.Limits(2, Duration.ofSeconds(20), Duration.ofSeconds(10)))) {
      serai.start();
      HelpdeskWebhooks webhooks = HelpdeskWebhooks.connect(serai, helpdesk, database, 1);
      int ticket = 0;
      for (int kill = 0; kill < kills; kill++) {
        List<Integer> unanswered = new ArrayList<>();
        int at = ticket + 5 + random.nextInt(SENT_BETWEEN_KILLS - 5);
        for (int i = 0; i < SENT_BETWEEN_KILLS; i++) {
          ticket++;
          if (ticket == at) {
            serai.kill();
            pending += number(database, PENDING);
          }
          if (!delivered(webhooks, serai, ticket)) {
            unanswered.add(ticket);
          }
        }
        serai.start();
        for (int again : unanswered) {
          repeated++;
          await().atMost(Duration.ofSeconds(20)).until(() -> delivered(webhooks, serai, again));
        }
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> number(database, PENDING) == 0);

      HelpdeskWebhooks.assertEachDoneOnce(database, ticket);
      System.out.printf(
          "inbox kill test, seed %d: %d kills of Serai, %d webhooks answered and not done at that moment; %d webhooks in all, %d answered at first, %d sent again; 0 lost, 0 done twice%n",
          SEED, kills, pending, ticket, answered - repeated, repeated);
    } finally {
      TestServer.shared().drop(address);
    }
  }

  private boolean delivered(HelpdeskWebhooks webhooks, SeraiProcess serai, int ticket)
      throws Exception {
    boolean taken = webhooks.delivered(serai, ticket);
    answered += taken ? 1 : 0;
    return taken;
  }
}
