package dev.serai.app;

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
import java.util.HashMap;
import java.util.Map;

/**
 * A Serai that seals or does not, and beside it, on the same database, a writer of its own that
 * does what its syncs do.
 */
final class RecordBenchWorld implements AutoCloseable {
  final BenchServer server;
  final RecordBenchStore store;
  final TwinStore twin;
  final FeedReading feed;
  final Database database;
  final RecordWriter writer;
  final PagePipeline pipeline;
  private final Closing closing;

  private RecordBenchWorld(Closing closing, BenchServer server, boolean sealed)
      throws SQLException {
    this.closing = closing;
    this.server = server;
    store = closing.add("observer", new RecordBenchStore(server.database()));
    twin = closing.add("twin", new TwinStore(server.database()));
    feed = closing.add("reader", new FeedReading(server));
    database = closing.add("pool", new Database(server.database(), Database.Limits.DEFAULT));
    Vault vault = new Vault(MasterKey.parse(BenchServer.MASTER_KEY));
    writer =
        new RecordWriter(
            database,
            Models.unifiedOnly(),
            ModelPolicies.NONE,
            new RecordSealing(new DataKeys(database, vault), sealed));
    pipeline = closing.add("pipeline", new PagePipeline(database, writer));
    BenchHeap.keepRoom();
  }

  /**
   * @param more settings of the Serai
   */
  static RecordBenchWorld open(Path home, boolean sealed, Map<String, String> more)
      throws IOException, SQLException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("SERAI_API_RATE_LIMIT", "10000000");
    settings.put("SERAI_RECORDS_ENCRYPT", Boolean.toString(sealed));
    Closing closing = new Closing();
    try {
      BenchServer server = closing.add("Serai", BenchServer.open(home, settings));
      return new RecordBenchWorld(closing, server, sealed);
    } catch (IOException | SQLException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  String machine() throws SQLException {
    return BenchReport.machine(store.version());
  }

  @Override
  public void close() {
    closing.close();
  }
}
