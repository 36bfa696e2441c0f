package dev.serai.app;

import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets the scene for {@link RecordBench}, and counts what was written. One thread. */
final class RecordBenchStore implements AutoCloseable {
  static final String INTEGRATION = "bench";

  private final Connection connection;

  RecordBenchStore(DatabaseAddress address) throws SQLException {
    connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  /**
   * What PostgreSQL has counted so far.
   *
   * @param rows inserted, updated and deleted in record, its history and collection
   * @param wal bytes of write-ahead log
   */
  record Written(long rows, long wal) {
    Written since(Written earlier) {
      return new Written(rows - earlier.rows, wal - earlier.wal);
    }
  }

  private static final String INTEGRATE =
      """
      insert into integration (environment, unique_key, provider)
      select id, 'bench', 'sample' from environment where name = 'dev'
      """;

  void integrate() throws SQLException {
    execute(INTEGRATE);
  }

  // No syncs: nobody but the bench writes its records.
  private static final String CONNECT =
      """
      insert into connection (environment, integration, connection_id, tenant)
      select environment, id, ? || '-' || n, 'bench'
      from integration, generate_series(1, ?) n where unique_key = 'bench'
      returning id
      """;

  /** Row ids of new connections named {@code name-1} and so on. */
  long[] connect(String name, int count) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CONNECT)) {
      statement.setString(1, name);
      statement.setInt(2, count);
      long[] ids = new long[count];
      try (ResultSet rows = statement.executeQuery()) {
        for (int i = 0; rows.next(); i++) {
          ids[i] = rows.getLong(1);
        }
      }
      return ids;
    }
  }

  /** What lies unwritten or unvacuumed from before, or as garbage, is not the next one's to pay. */
  void settle() throws SQLException {
    execute("vacuum analyze record");
    execute("vacuum analyze collection");
    checkpoint();
  }

  void checkpoint() throws SQLException {
    System.gc();
    execute("checkpoint");
  }

  private static final String EMPTY = "truncate record, record_history, collection, quarantine";

  /** As if nothing had ever been written. */
  void empty() throws SQLException {
    execute(EMPTY);
    checkpoint();
  }

  private static final String COLLECTION =
      "select id from collection where connection = ? and model = 'Bench'";

  long collection(long row) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLLECTION)) {
      statement.setLong(1, row);
      try (ResultSet found = statement.executeQuery()) {
        found.next();
        return found.getLong(1);
      }
    }
  }

  private static final String CONNECTION = "select id from connection where connection_id = ?";

  long connection(String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CONNECTION)) {
      statement.setString(1, name);
      try (ResultSet found = statement.executeQuery()) {
        found.next();
        return found.getLong(1);
      }
    }
  }

  /** Where a run of the only sync is. */
  record Progress(@Nullable String outcome, long records, @Nullable String error) {
    boolean ended() {
      return outcome != null;
    }

    void expect(long all) {
      if (!"success".equals(outcome) || records != all) {
        throw new BenchUnusable("the run did something else than was to be measured: " + this);
      }
    }
  }

  private static final String RUN =
      """
      select outcome, added + updated + unchanged, error_message from sync_run
      order by id offset ? limit 1
      """;

  /** The run of this number, from 0, once it has begun. */
  Optional<Progress> run(int number) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RUN)) {
      statement.setInt(1, number);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new Progress(row.getString(1), row.getLong(2), row.getString(3)))
            : Optional.empty();
      }
    }
  }

  private static final String FLUSH = "select pg_stat_force_next_flush()";

  /** A session tells its counts after a second at the soonest, if it is not asked to. */
  void flushCounts(Database pool) {
    pool.useTransaction(handle -> handle.createQuery(FLUSH).mapTo(String.class).findOne());
  }

  private static final String WRITTEN =
      """
      select sum(n_tup_ins + n_tup_upd + n_tup_del), pg_current_wal_insert_lsn() - '0/0'::pg_lsn
      from pg_stat_user_tables where relname ~ '^(record_[0-9]+|record_history|collection|quarantine)$'
      """;

  /** Current, if whoever wrote has told his counts: {@code pg_stat_force_next_flush()}. */
  Written written() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(WRITTEN)) {
      row.next();
      return new Written(row.getLong(1), row.getLong(2));
    }
  }

  String version() throws SQLException {
    return connection.getMetaData().getDatabaseProductVersion();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
