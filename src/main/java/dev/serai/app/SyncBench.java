package dev.serai.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.app.BenchReport.Series;
import dev.serai.sample.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A whole Serai with a database and a helpdesk of its own, in this process, that syncs the same
 * tickets again and again. Leaves nothing behind.
 */
final class SyncBench implements AutoCloseable {
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);

  private final Plan plan;
  private final Closing closing;
  private final BenchServer server;
  private final Simulator helpdesk;
  private final BenchStore store;

  /**
   * @param pages records per answer, each measured
   */
  record Plan(int rows, int repetitions, List<Integer> pages) {
    Plan {
      if (rows < 1 || repetitions < 1 || pages.stream().anyMatch(page -> page < 1)) {
        throw new SettingsException("--rows, --repetitions and --page must be at least 1");
      }
    }
  }

  private SyncBench(
      Plan plan, Closing closing, BenchServer server, Simulator helpdesk, BenchStore store) {
    this.plan = plan;
    this.closing = closing;
    this.server = server;
    this.helpdesk = helpdesk;
    this.store = store;
  }

  static SyncBench open(Path home, Plan plan) throws IOException, SQLException {
    Closing closing = new Closing();
    try {
      Simulator helpdesk =
          closing.add(
              "helpdesk", Simulator.start(Simulator.Options.TESTS.withTickets(plan.rows())));
      BenchServer server =
          closing.add(
              "Serai",
              BenchServer.open(
                  home, Map.of("SERAI_OUTGOING_ALLOW", "127.0.0.1:" + helpdesk.uri().getPort())));
      BenchStore store = closing.add("observer", new BenchStore(server.database()));
      return new SyncBench(plan, closing, server, helpdesk, store);
    } catch (IOException | SQLException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** Runs the plan; tells each figure as it comes. */
  BenchReport measure(Consumer<String> tell) throws Exception {
    server.call(
        "POST",
        "/integrations",
        Json.object().put("provider", "sample").put("unique_key", "sample"));
    List<Series> all = new ArrayList<>();
    List<Double> copy = new ArrayList<>();
    for (int page : plan.pages()) {
      Series added = new Series("new", page, new ArrayList<>());
      Series unchanged = new Series("unchanged", page, new ArrayList<>());
      pageSize(page);
      for (int repetition = 0; repetition <= plan.repetitions(); repetition++) {
        Figures figures = once("bench-" + page + "-" + repetition);
        tell.accept(figures.line(page, repetition));
        if (repetition > 0) {
          added.perSecond().add(figures.added());
          unchanged.perSecond().add(figures.unchanged());
          copy.add(figures.copy());
        }
      }
      all.addAll(List.of(added, unchanged));
    }
    all.add(new Series(BenchReport.COPY, 0, copy));
    return new BenchReport(BenchReport.machine(store.version()), plan.rows(), all);
  }

  private record Figures(double added, double unchanged, double copy) {
    String line(int page, int repetition) {
      return "%s, page %d: new %,.0f/s, unchanged %,.0f/s, bare COPY %,.0f/s"
          .formatted(
              repetition == 0 ? "warm-up" : "repetition " + repetition,
              page,
              added,
              unchanged,
              copy);
    }
  }

  /** A new connection reads everything, reads it again, and its rows are copied. */
  private Figures once(String connection) throws Exception {
    store.settle();
    connect(connection);
    double added = plan.rows() / seconds(connection, 0, run -> run.added() == plan.rows());
    store.settle();
    control("trigger", connection, Json.object().put("sync_mode", "full_refresh"));
    double unchanged = plan.rows() / seconds(connection, 1, run -> run.unchanged() == plan.rows());
    control("pause", connection, Json.object());
    double copy = plan.rows() / store.copy(store.rows(connection));
    return new Figures(added, unchanged, copy);
  }

  // The helpdesk answers with as many records as it wants, whatever the provider file asks for.
  private void pageSize(int page) {
    helpdesk.control().noFaults();
    helpdesk
        .control()
        .fault(
            Json.object()
                .put("kind", "big_page")
                .put("path", "/v1/tickets")
                .put("records", page)
                .put("times", Integer.MAX_VALUE));
  }

  private void connect(String connection) throws IOException, InterruptedException {
    ObjectNode body =
        Json.object().put("provider_config_key", "sample").put("connection_id", connection);
    body.putObject("credentials")
        .put("type", "API_KEY")
        .put("apiKey", Simulator.Options.TESTS.apiKey());
    body.putObject("connection_config").put("url", helpdesk.uri().toString());
    server.call("POST", "/connections", body);
  }

  private void control(String what, String connection, ObjectNode more)
      throws IOException, InterruptedException {
    more.put("provider_config_key", "sample").put("connection_id", connection);
    more.putArray("syncs").add("tickets");
    server.call("POST", "/sync/" + what, more);
  }

  private double seconds(
      String connection, int number, java.util.function.Predicate<BenchStore.Ended> asExpected)
      throws SQLException, InterruptedException {
    long until = System.nanoTime() + LONGEST_RUN.toNanos();
    while (System.nanoTime() < until) {
      Optional<BenchStore.Ended> run = store.run(connection, number);
      if (run.isPresent()) {
        if (!run.get().outcome().equals("success") || !asExpected.test(run.get())) {
          throw new BenchUnusable(
              "the run did something else than was to be measured: " + run.get());
        }
        return run.get().seconds();
      }
      Thread.sleep(20);
    }
    throw new BenchUnusable("no run ended within " + LONGEST_RUN);
  }

  @Override
  public void close() {
    closing.close();
  }
}
