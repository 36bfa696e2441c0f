package dev.serai.reliability;

import static dev.serai.reliability.HelpdeskWebhooks.PENDING;
import static dev.serai.reliability.HelpdeskWebhooks.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.support.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one PostgreSQL take webhooks, every second one the same at both at the same moment;
 * one of them is killed. The other does everything that was answered, once.
 */
class InboxNodesTest {
  private static final int WAVE = 40;

  private static final String IN_HAND =
      "select count(*) from webhook_task where state = 'pending' and lease_token is not null and lease_node = 'node-1'";

  private static final String TIME_PASSES =
      "update webhook_task set due_at = clock_timestamp() where state = 'pending' and lease_node = 'node-1'";

  @TempDir Path folder;

  private final AtomicInteger atBoth = new AtomicInteger();
  private final AtomicInteger answeredByBoth = new AtomicInteger();
  private int sentAgain;
  private long leftBehind;

  @Test
  @Timeout(300)
  void two_nodes_share_webhooks_and_the_death_of_one_loses_none_and_does_none_twice()
      throws Exception {
    share(160, 80, true);
  }

  @Test
  @Tag("full")
  @Timeout(1800)
  void thousands_of_webhooks_at_two_nodes_of_which_one_dies_are_done_once() throws Exception {
    share(6_000, 3_000, false);
  }

  private void share(int tickets, int killAt, boolean commands) throws Exception {
    DatabaseAddress address = TestServer.shared().freshDatabase();
    try (Receiver backend = new Receiver();
        Simulator helpdesk = Simulator.start(Simulator.Options.TESTS.withTickets(1));
        SeraiProcess first = node("node-1", address, helpdesk, backend);
        SeraiProcess second = node("node-2", address, helpdesk, backend);
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
        Database database =
            new Database(
                address, new Database.Limits(2, Duration.ofSeconds(20), Duration.ofSeconds(10)))) {
      first.start();
      second.launch();
      HelpdeskWebhooks webhooks = HelpdeskWebhooks.connect(first, helpdesk, database, 4);
      second.awaitReady();
      List<Integer> unanswered = new ArrayList<>();
      for (int wave = 0; wave < tickets; wave += WAVE) {
        List<Future<Integer>> sending = new ArrayList<>();
        for (int ticket = wave + 1; ticket <= wave + WAVE; ticket++) {
          int one = ticket;
          sending.add(senders.submit(() -> sent(webhooks, one, first, second, senders) ? 0 : one));
        }
        if (wave == killAt) {
          await()
              .until(
                  () -> number(database, IN_HAND) > 0 || sending.stream().allMatch(Future::isDone));
          first.kill();
          leftBehind = number(database, IN_HAND);
          database.useTransaction(h -> h.execute(TIME_PASSES)); // two minutes, at once
        }
        for (Future<Integer> one : sending) {
          unanswered.add(one.get(60, TimeUnit.SECONDS));
        }
      }
      unanswered.removeIf(ticket -> ticket == 0);
      for (int again : unanswered) {
        sentAgain++;
        await().atMost(Duration.ofSeconds(20)).until(() -> webhooks.delivered(second, again));
      }
      await().atMost(Duration.ofSeconds(120)).until(() -> number(database, PENDING) == 0);

      assertThat(number(database, "select count(*) from webhook_arrival")).isEqualTo(tickets);
      assertThat(number(database, "select count(distinct lease_node) from webhook_task"))
          .as("both worked")
          .isEqualTo(2);
      HelpdeskWebhooks.assertEachDoneOnce(database, tickets);
      assertThat(answeredByBoth.get()).as("at the same moment").isPositive();
      System.out.printf(
          "inbox on two nodes: %d webhooks, %d sent to both nodes at the same moment (%d answered by both), one node killed with %d in hand, %d sent again; 0 lost, 0 done twice%n",
          tickets, atBoth.get(), answeredByBoth.get(), leftBehind, sentAgain);
      if (commands) {
        givenUp(second, database);
      }
    } finally {
      TestServer.shared().drop(address);
    }
  }

  private SeraiProcess node(
      String name, DatabaseAddress address, Simulator helpdesk, Receiver backend) {
    return new SeraiProcess(folder.resolve(name))
        .with(address)
        .with("SERAI_NODE", name)
        .with("SERAI_WEBHOOK_URL", backend.uri().toString())
        .with("SERAI_WEBHOOK_RATE_LIMIT", "1000000")
        .with(
            "SERAI_OUTGOING_ALLOW",
            "127.0.0.1:" + helpdesk.uri().getPort() + "," + backend.address());
  }

  /** To both at once, or to the one whose turn it is; whether anybody answered 200. */
  private boolean sent(
      HelpdeskWebhooks webhooks,
      int ticket,
      SeraiProcess first,
      SeraiProcess second,
      ExecutorService senders)
      throws Exception {
    if (ticket % 2 == 0) {
      return webhooks.delivered(ticket % 4 == 0 ? first : second, ticket);
    }
    atBoth.incrementAndGet();
    CyclicBarrier together = new CyclicBarrier(2);
    List<Future<Boolean>> answers = new ArrayList<>();
    for (SeraiProcess node : List.of(first, second)) {
      answers.add(
          senders.submit(() -> {
            int unused = together.await(5, TimeUnit.SECONDS);
            return webhooks.delivered(node, ticket);
          }));
    }
    boolean byFirst = answers.get(0).get(20, TimeUnit.SECONDS);
    boolean bySecond = answers.get(1).get(20, TimeUnit.SECONDS);
    if (byFirst && bySecond) {
      answeredByBoth.incrementAndGet();
    }
    return byFirst || bySecond;
  }

  /** What was given up is listed with its reason, and done again, beside the node. */
  private static void givenUp(SeraiProcess node, Database database) throws Exception {
    database.useTransaction(h ->
        h.execute(
            "update webhook_task set state = 'dead', attempts = 10, error = 'no luck' where id = (select min(id) from webhook_task)"));

    assertThat(said(node, "webhooks", "list"))
        .contains("task:", "sample  customer-", "ticket.created  10 tries  no luck", "1 given up");
    assertThat(said(node, "webhooks", "retry", "--all")).contains("1 due again");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> number(database, "select count(*) from webhook_task where state <> 'done'") == 0);
  }

  private static String said(SeraiProcess node, String... words) throws Exception {
    Process process = node.beside(words);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
