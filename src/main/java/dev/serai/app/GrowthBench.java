package dev.serai.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.app.RecordBenchReport.Heap;
import dev.serai.app.RecordBenchReport.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One collection that a sync makes a hundred times larger: what new and unchanged records cost
 * before and after, and what the sync keeps in memory meanwhile.
 */
final class GrowthBench {
  private static final String CONNECTION = "growth";
  private static final int SAMPLES = 40;
  private static final Duration LONGEST_SYNC = Duration.ofMinutes(60);

  private final Plan plan;
  private final Consumer<String> tell;
  private final Closing closing;
  private final RecordBenchWorld world;
  private final GrowthSource source;

  /**
   * @param small rows before
   * @param large rows after
   * @param batch records per page of what is measured
   */
  record Plan(int small, int large, int batch) {
    /** Records per measurement: enough to measure, few beside what is there. */
    int measured() {
      return Math.max(10, small / 2);
    }
  }

  /** What was found. */
  record Growth(List<Line> lines, Heap heap) {}

  private GrowthBench(Plan plan, Consumer<String> tell, Closing closing, Path home)
      throws IOException, SQLException {
    this.plan = plan;
    this.tell = tell;
    this.closing = closing;
    source = closing.add("source", GrowthSource.start());
    Path providers = Files.createTempDirectory("serai-bench-providers");
    closing.add("provider", () -> BenchServer.delete(providers));
    source.describe(providers);
    Map<String, String> settings =
        Map.of(
            "SERAI_PROVIDERS",
            providers.toString(),
            "SERAI_OUTGOING_ALLOW",
            "127.0.0.1:" + source.uri().getPort());
    world = closing.add("Serai", RecordBenchWorld.open(home, false, settings));
  }

  static Growth measure(Path home, Plan plan, Consumer<String> tell) throws Exception {
    try (Closing closing = new Closing()) {
      return new GrowthBench(plan, tell, closing, home).measure();
    }
  }

  private Growth measure() throws Exception {
    connect();
    source.holds(plan.small());
    synced(0, new HeapSlope());
    long connection = world.store.connection(CONNECTION);
    GrowthRates rates = new GrowthRates(world, connection, plan);
    rates.warmUp();
    Map<String, Double> before = rates.at(plan.small(), tell);

    source.holds(plan.large());
    control("trigger");
    HeapSlope heap = new HeapSlope();
    long from = System.nanoTime();
    synced(1, heap);
    double perSecond = plan.large() / ((System.nanoTime() - from) / 1e9);
    control("pause");

    Map<String, Double> after = rates.at(plan.large(), tell);
    List<Line> lines = new ArrayList<>();
    before.forEach((work, rate) -> {
      Line line = new Line("growth", work, "at %,d rows".formatted(plan.small()), 0.80);
      line.add(after.getOrDefault(work, Double.NaN), rate);
      lines.add(line);
    });
    return new Growth(lines, heap.over(plan.large(), perSecond));
  }

  private void connect() throws IOException, InterruptedException {
    ObjectNode integration = Json.object().put("provider", GrowthSource.PROVIDER);
    world.server.call(
        "POST", "/integrations", integration.put("unique_key", RecordBenchStore.INTEGRATION));
    ObjectNode connection = Json.object().put("connection_id", CONNECTION);
    connection.put("provider_config_key", RecordBenchStore.INTEGRATION);
    connection.putObject("credentials").put("type", "NONE");
    world.server.call("POST", "/connections", connection);
  }

  private void control(String what) throws IOException, InterruptedException {
    ObjectNode body = Json.object().put("connection_id", CONNECTION);
    body.put("provider_config_key", RecordBenchStore.INTEGRATION);
    body.putArray("syncs").add(PagePipeline.STREAM);
    world.server.call("POST", "/sync/" + what, body);
  }

  /** Follows the run of this number, from 0, to its end. */
  private void synced(int run, HeapSlope heap) throws SQLException, InterruptedException {
    long until = System.nanoTime() + LONGEST_SYNC.toNanos();
    long mark = 10_000;
    while (System.nanoTime() < until) {
      Optional<RecordBenchStore.Progress> found = world.store.run(run);
      if (found.isPresent() && found.get().ended()) {
        found.get().expect(source.records());
        return;
      }
      long read = found.map(RecordBenchStore.Progress::records).orElse(0L);
      if (read >= mark) {
        heap.sample(read);
        mark += Math.max(1, plan.large() / SAMPLES);
      }
      Thread.sleep(50);
    }
    throw new BenchUnusable("no run ended within " + LONGEST_SYNC);
  }
}
