package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.app.PagePipeline.Took;
import dev.serai.app.RecordBenchReport.Line;
import dev.serai.app.RecordBenchReport.Proof;
import dev.serai.app.RecordBenchStore.Written;
import dev.serai.connection.DataKeys;
import dev.serai.database.Database;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures the record engine in one mode, each kind of work beside a bare statement of PostgreSQL
 * that does the same, repetition by repetition in turn.
 */
final class RecordBench implements AutoCloseable {
  private static final int WARM_UP = 60_000;

  private final Plan plan;
  private final boolean sealed;
  private final Closing closing;
  private final RecordBenchStore store;
  private final TwinStore twin;
  private final FeedReading feed;
  private final Database database;
  private final RecordWriter writer;
  private final PagePipeline pipeline;
  private int connections;

  /**
   * @param batch records per page, each committed by itself
   */
  record Plan(int rows, int repetitions, int batch) {
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

  private RecordBench(Plan plan, boolean sealed, Closing closing, BenchServer server)
      throws SQLException {
    this.plan = plan;
    this.sealed = sealed;
    this.closing = closing;
    this.store = closing.add("observer", new RecordBenchStore(server.database()));
    this.twin = closing.add("twin", new TwinStore(server.database()));
    this.feed = closing.add("reader", new FeedReading(server));
    this.database = closing.add("pool", new Database(server.database(), Database.Limits.DEFAULT));
    Vault vault = new Vault(MasterKey.parse(BenchServer.MASTER_KEY));
    this.writer =
        new RecordWriter(
            database,
            Models.unifiedOnly(),
            ModelPolicies.NONE,
            new RecordSealing(new DataKeys(database, vault), sealed));
    this.pipeline = closing.add("pipeline", new PagePipeline(database, writer));
    store.integrate();
  }

  static RecordBench open(Path home, Plan plan, boolean sealed) throws IOException, SQLException {
    Closing closing = new Closing();
    try {
      Map<String, String> settings =
          Map.of(
              "SERAI_API_RATE_LIMIT",
              "10000000",
              "SERAI_RECORDS_ENCRYPT",
              Boolean.toString(sealed));
      BenchServer server = closing.add("Serai", BenchServer.open(home, settings));
      return new RecordBench(plan, sealed, closing, server);
    } catch (IOException | SQLException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** Both modes, one after the other, each with a Serai and a database of its own. */
  static RecordBenchReport measure(Path home, Plan plan, Consumer<String> tell) throws Exception {
    List<Line> lines = new ArrayList<>();
    List<Proof> proofs = new ArrayList<>();
    String machine = "";
    for (boolean sealed : new boolean[] {false, true}) {
      try (RecordBench bench = open(home, plan, sealed)) {
        machine = BenchReport.machine(bench.store.version());
        Lines measured = bench.measure(tell);
        lines.addAll(measured.list());
        proofs.add(measured.proof());
      }
    }
    return new RecordBenchReport(machine, plan.conditions(), lines, proofs);
  }

  /** Everything measured in one mode. */
  private static final class Lines {
    private final Line added;
    private final Line unchanged;
    private final Line all;
    private final Line some;
    private final Line read;
    private final Line manyAdded;
    private final Line manyUnchanged;
    private long written;
    private long wal;

    Lines(boolean sealed) {
      String mode = sealed ? "sealed" : "plain";
      added = new Line(mode, "new", "COPY, one table", sealed ? 0.55 : 0.70);
      unchanged = new Line(mode, "unchanged", "look-up of hashes alone", 0.80);
      all = new Line(mode, "all changed", "UPDATE ... FROM", 0.70);
      some = new Line(mode, "10 % changed", "all changed", 3);
      read = new Line(mode, "read over HTTP", "COPY (SELECT) TO STDOUT", sealed ? 0.30 : 0.40);
      manyAdded = new Line(mode, "many small, new", "new", 0.30);
      manyUnchanged = new Line(mode, "many small, unchanged", "unchanged", 0.30);
    }

    Proof proof() {
      return new Proof(added.mode(), written, wal);
    }

    List<Line> list() {
      return Stream.of(added, unchanged, some, all, read, manyAdded, manyUnchanged)
          .filter(line -> !line.measured().isEmpty())
          .toList();
    }
  }

  /** Runs the plan in this mode; tells each figure as it comes. */
  private Lines measure(Consumer<String> tell) throws Exception {
    round(new Lines(sealed), Math.min(plan.rows(), WARM_UP), line -> {});
    Lines lines = new Lines(sealed);
    for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
      int number = repetition;
      round(lines, plan.rows(), line -> tell.accept("repetition " + number + ", " + line));
    }
    return lines;
  }

  private void round(Lines lines, int rows, Consumer<String> tell) throws Exception {
    store.empty();
    List<JsonNode> records = new ArrayList<>(BenchTickets.made(0, rows, 0));
    String name = "one" + ++connections;
    long connection = store.connect(name, 1)[0];

    double added = write(connection, records, rows, 0);
    long collection = store.collection(connection);
    double copied = rows / twin.copy(twin.rows(collection));
    tell(tell, lines.added, added, copied);

    store.settle();
    Written before = written();
    double unchanged = write(connection, records, 0, 0);
    Written written = written().since(before);
    lines.written += written.rows();
    lines.wal += written.wal();
    store.checkpoint();
    double lookedUp = rows / twin.lookUp(collection, plan.batch());
    tell(tell, lines.unchanged, unchanged, lookedUp);

    store.checkpoint();
    List<JsonNode> changed = new ArrayList<>(BenchTickets.made(0, rows, 1));
    double all = write(connection, changed, 0, rows);
    double updated = rows / twin.update(collection, rows);
    tell(tell, lines.all, all, updated);
    twin.drop();

    store.settle();
    for (int i = 0; i < rows; i += 10) {
      changed.set(i, records.get(i));
    }
    double some = write(connection, changed, 0, (rows + 9) / 10);
    tell(tell, lines.some, some, all);

    if (!sealed) {
      read(lines, name + "-1", collection, rows, tell);
    }

    manySmall(lines, records, added, unchanged, tell);
  }

  private void read(
      Lines lines, String connection, long collection, int rows, Consumer<String> tell)
      throws Exception {
    store.settle();
    double read = rows / feed.read(connection, rows);
    tell(tell, lines.read, read, rows / twin.read(collection, rows));
  }

  private void manySmall(
      Lines lines, List<JsonNode> records, double added, double unchanged, Consumer<String> tell)
      throws Exception {
    long[] many = store.connect("many" + connections, plan.small());
    List<JsonNode> page = records.subList(0, Math.min(ManySmall.RECORDS, records.size()));
    ManySmall small = new ManySmall(database, writer, page);
    int rows = page.size() * many.length;
    store.settle();
    Took first = small.write(many);
    expect(first, rows, 0, 0);
    tell(tell, lines.manyAdded, first.perSecond(rows), added);
    store.settle();
    Took again = small.write(many);
    expect(again, 0, 0, rows);
    tell(tell, lines.manyUnchanged, again.perSecond(rows), unchanged);
  }

  private double write(long connection, List<JsonNode> records, int added, int updated)
      throws InterruptedException, ExecutionException {
    Took took = pipeline.write(connection, PagePipeline.pages(records, plan.batch()));
    expect(took, added, updated, records.size() - added - updated);
    return took.perSecond(records.size());
  }

  private static void expect(Took took, int added, int updated, int unchanged) {
    var counts = took.counts();
    if (counts.added() != added || counts.updated() != updated || counts.unchanged() != unchanged) {
      throw new SyncBench.Unusable("something else was written: " + counts);
    }
  }

  private static void tell(Consumer<String> tell, Line line, double measured, double reference) {
    line.add(measured, reference);
    tell.accept(
        "%s %s: %,.0f/s, %s %,.0f/s"
            .formatted(line.mode(), line.work(), measured, line.reference(), reference));
  }

  private Written written() throws SQLException {
    store.flushCounts(database);
    return store.written();
  }

  @Override
  public void close() {
    closing.close();
  }
}
