package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.app.PagePipeline.Took;
import dev.serai.app.RecordBenchReport.Line;
import dev.serai.app.RecordBenchReport.Proof;
import dev.serai.app.RecordBenchStore.Written;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Measures the record engine in one mode, each kind of work beside a bare statement of PostgreSQL
 * that does the same, repetition by repetition in turn.
 */
final class RecordBench {
  private static final int WARM_READS = 30;
  private static final int WARM_UP = 60_000;

  private final Plan plan;
  private final RecordBenchWorld world;
  private final RecordBenchStore store;
  private int round;

  /**
   * @param batch records per page, each committed by itself
   * @param grown rows that one collection is grown to in the end; 0: none is
   */
  record Plan(int rows, int repetitions, int batch, int grown) {
    Plan {
      if (rows < 10 || repetitions < 1 || batch < 1) {
        throw new SettingsException(
            "--rows must be at least 10, --repetitions and --batch at least 1");
      }
    }

    int small() {
      return Math.min(1_000, Math.max(1, rows / 300));
    }

    String conditions() {
      return "%,d records of %d bytes, one connection, pages of %,d, one transaction each; many small: %,d connections x %d records, %d writers; medians of %d"
          .formatted(
              rows,
              BenchTickets.BYTES,
              batch,
              small(),
              ManySmall.RECORDS,
              ManySmall.WRITERS,
              repetitions);
    }
  }

  private RecordBench(Plan plan, RecordBenchWorld world) {
    this.plan = plan;
    this.world = world;
    this.store = world.store;
  }

  /**
   * Both modes, one after the other, each with a Serai and a database of its own: nothing converts
   * the other's rows.
   */
  static RecordBenchReport measure(Path home, Plan plan, Consumer<String> tell) throws Exception {
    List<Line> lines = new ArrayList<>();
    List<Proof> proofs = new ArrayList<>();
    String machine = "";
    for (boolean sealed : new boolean[] {false, true}) {
      try (RecordBenchWorld world = RecordBenchWorld.open(home, sealed, Map.of())) {
        machine = world.machine();
        world.store.integrate();
        RecordBenchLines measured = new RecordBenchLines(sealed, tell);
        new RecordBench(plan, world).measure(sealed, measured);
        lines.addAll(measured.list());
        proofs.add(measured.proof());
      }
    }
    if (plan.grown() == 0) {
      return new RecordBenchReport(machine, plan.conditions(), lines, proofs, null);
    }
    GrowthBench.Growth growth =
        GrowthBench.measure(
            home, new GrowthBench.Plan(plan.grown() / 100, plan.grown(), plan.batch()), tell);
    lines.addAll(growth.lines());
    return new RecordBenchReport(machine, plan.conditions(), lines, proofs, growth.heap());
  }

  private void measure(boolean sealed, RecordBenchLines lines) throws Exception {
    int warm = Math.min(plan.rows(), WARM_UP);
    round(new RecordBenchLines(sealed, figure -> {}), warm);
    // A server that has answered a few pages still runs most of its HTTP code uncompiled.
    for (int i = 0; i < WARM_READS; i++) {
      double unused = world.feed.read("one" + round + "-1", warm);
    }
    for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
      round(lines, plan.rows());
    }
  }

  private void round(RecordBenchLines lines, int rows) throws Exception {
    List<JsonNode> records = new ArrayList<>(BenchTickets.made(0, rows, 0));
    store.empty();
    String name = "one" + ++round;
    long connection = store.connect(name, 1)[0];

    double added = write(connection, records, rows, 0);
    long collection = store.collection(connection);
    lines.add(lines.added, added, rows / world.twin.copy(world.twin.rows(collection)));

    store.settle();
    Written before = written();
    double unchanged = write(connection, records, 0, 0);
    lines.unchangedWrote(written().since(before));
    store.checkpoint();
    lines.add(lines.unchanged, unchanged, rows / world.twin.lookUp(collection, plan.batch()));

    changes(lines, connection, collection, records);

    store.settle();
    double read = rows / world.feed.read(name + "-1", rows);
    store.checkpoint();
    lines.add(lines.read, read, rows / world.twin.read(collection, rows, "text"));
    lines.readInBinary(rows / world.twin.read(collection, rows, "binary"));

    manySmall(lines, records, added, unchanged);
  }

  private void changes(
      RecordBenchLines lines, long connection, long collection, List<JsonNode> records)
      throws Exception {
    int rows = records.size();
    List<JsonNode> changed = new ArrayList<>(BenchTickets.made(0, rows, 1));
    store.checkpoint();
    double all = write(connection, changed, 0, rows);
    lines.add(lines.all, all, rows / world.twin.update(collection, rows));
    world.twin.drop();

    for (int i = 0; i < rows; i += 10) {
      changed.set(i, records.get(i));
    }
    store.settle();
    lines.add(lines.some, write(connection, changed, 0, (rows + 9) / 10), all);
  }

  private void manySmall(
      RecordBenchLines lines, List<JsonNode> records, double added, double unchanged)
      throws Exception {
    long[] many = store.connect("many" + round, plan.small());
    List<JsonNode> page = records.subList(0, Math.min(ManySmall.RECORDS, records.size()));
    ManySmall small = new ManySmall(world.database, world.writer, page);
    int rows = page.size() * many.length;
    store.settle();
    Took first = small.write(many);
    first.expect(rows, 0, 0);
    lines.add(lines.manyAdded, first.perSecond(rows), added);
    store.settle();
    Took again = small.write(many);
    again.expect(0, 0, rows);
    lines.add(lines.manyUnchanged, again.perSecond(rows), unchanged);
  }

  private double write(long connection, List<JsonNode> records, int added, int updated)
      throws InterruptedException, ExecutionException {
    Took took = world.pipeline.write(connection, PagePipeline.pages(records, plan.batch()));
    took.expect(added, updated, records.size() - added - updated);
    return took.perSecond(records.size());
  }

  private Written written() throws SQLException {
    store.flushCounts(world.database);
    return store.written();
  }
}
