package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.database.Database;
import dev.serai.support.CuttingProxy;
import dev.serai.support.CuttingProxy.Side;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The connection to PostgreSQL is cut before the first message, the second, the third … of taking a
 * delivery and of working it off: what was answered is done, once.
 */
class CutInboxTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final Database.Limits FEW =
      new Database.Limits(3, Duration.ofSeconds(20), Duration.ofSeconds(15));

  private int deliveries;
  private int refused;

  @Test
  @Timeout(180)
  void what_was_answered_is_done_once_wherever_the_connection_is_cut() throws Exception {
    cut(9);
  }

  @Test
  @Tag("full")
  @Timeout(900)
  void at_every_single_message() throws Exception {
    cut(1);
  }

  private void cut(int every) throws Exception {
    try (CuttingProxy proxy = new CuttingProxy(postgres.address());
        Database database = new Database(proxy.address(), FEW);
        InboxWorld world =
            new InboxWorld(
                postgres, database, false, 0, Duration.ofSeconds(30), InboxWorld.yaml());
        InboxWorld direct = new InboxWorld(postgres, false, 0)) {
      world.connection("one", "{\"team_id\": \"T1\"}");
      world.savingRoute("thing.saved");
      int taking = 0;
      int working = 0;
      for (Side side : Side.values()) {
        for (int n = 1; taken(world, proxy, side, n); n += every) {
          taking++;
        }
      }
      world.open();
      settle(world);
      for (Side side : Side.values()) {
        for (int n = 1; workedOff(world, direct, proxy, side, n); n += every) {
          working++;
        }
      }
      settle(world);

      assertThat(world.number("select count(*) from record")).isEqualTo(deliveries);
      assertThat(world.number("select max(version) from collection")).isEqualTo(deliveries);
      assertThat(world.number("select count(*) from message where type = 'forward'"))
          .isEqualTo(deliveries);
      assertThat(
              world.number(
                  "select sum((body::jsonb->'responseResults'->>'added')::bigint)::bigint from message where type = 'sync'"))
          .isEqualTo(deliveries);
      assertThat(taking).isGreaterThan(2);
      assertThat(working).isGreaterThan(40 / every);
      System.out.printf(
          "cut inbox, every %s message: %d cuts while taking (%d times the provider was not answered and sent again), %d while working off; %d deliveries, 0 lost, 0 done twice%n",
          every == 1 ? "single" : every + "th", taking, refused, working, deliveries);
    }
  }

  private String next() {
    deliveries++;
    return "{\"event\":\"thing.saved\",\"team\":{\"id\":\"T1\"},\"n\":\"%d\"}"
        .formatted(deliveries);
  }

  /** Whether it was cut. */
  private boolean taken(InboxWorld world, CuttingProxy proxy, Side side, int n) {
    String body = next();
    world.database.now(); // the pool is warm: what is counted is the delivery's
    proxy.cutAt(side, n);
    boolean answered = receive(world, body);
    boolean wasCut = proxy.disarm();
    String arrivals = "select count(*) from webhook_arrival where uuid is not null";
    if (answered) {
      assertThat(world.number(arrivals)).isEqualTo(deliveries);
    } else {
      refused++;
      assertThat(wasCut).as("uncut it is answered").isTrue();
      await().atMost(Duration.ofSeconds(10)).until(() -> receive(world, body));
      assertThat(world.number(arrivals)).isEqualTo(deliveries);
    }
    return wasCut;
  }

  private boolean receive(InboxWorld world, String body) {
    try {
      return world.receive("d" + deliveries, body).status() == 200;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Whether it was cut. */
  private boolean workedOff(
      InboxWorld world, InboxWorld direct, CuttingProxy proxy, Side side, int n) {
    String body = next();
    assertThat(receive(direct, body)).isTrue();
    world.database.now();
    proxy.cutAt(side, n);
    world.engine().tick();
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> world.settled() || proxy.wasCut());
    boolean wasCut = proxy.disarm();
    settle(world);
    return wasCut;
  }

  /** A lease that was claimed and not heard of runs out; the former owner is not here any more. */
  private static void settle(InboxWorld world) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          if (!world.settled()) {
            if (world.engine().running() == 0) {
              world.execute(
                  "update webhook_task set due_at = clock_timestamp() where state = 'pending'");
              world.execute(
                  "update webhook_arrival set due_at = clock_timestamp() where state = 'arrived'");
            }
            world.engine().tick();
          }
          return world.settled();
        });
  }
}
