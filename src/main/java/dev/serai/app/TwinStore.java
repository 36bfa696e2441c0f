package dev.serai.app;

import dev.serai.database.DatabaseAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * The references of {@link RecordBench}: does in one plain statement, with the rows of a
 * collection, what the record engine did. Writes go to a twin: a plain table with the columns and
 * indexes of {@code record}. One thread.
 */
final class TwinStore implements AutoCloseable {
  private final Connection connection;

  TwinStore(DatabaseAddress address) throws SQLException {
    connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    execute("set plan_cache_mode = force_custom_plan");
  }

  private static final String FILLED =
      """
      select string_agg(quote_ident(name), ', ') from jsonb_object_keys(
        (select jsonb_strip_nulls(to_jsonb(r)) from record r where collection = %d limit 1)) as name
      """;

  private static final String ROWS =
      """
      copy (select %s from record where collection = %d order by version) to stdout (format binary)
      """;

  /** Rows as COPY takes them: every column that is not empty, in the order they were written. */
  record Rows(String columns, byte[] bytes) {}

  Rows rows(long collection) throws SQLException, IOException {
    String columns = text(FILLED.formatted(collection));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    copies().copyOut(ROWS.formatted(columns, collection), bytes);
    return new Rows(columns, bytes.toByteArray());
  }

  private static final String TWIN =
      """
      drop table if exists bench_twin;
      create table bench_twin (like record including all) with (autovacuum_enabled = off);
      checkpoint
      """;

  /** Seconds to COPY and commit rows into a new twin, which stays. */
  double copy(Rows rows) throws SQLException, IOException {
    for (String statement : TWIN.split(";")) {
      execute(statement);
    }
    long from = System.nanoTime();
    copies()
        .copyIn(
            "copy bench_twin (" + rows.columns() + ") from stdin (format binary)",
            new ByteArrayInputStream(rows.bytes()));
    return since(from);
  }

  private static final String CHANGED =
      """
      create temp table bench_changed as
      select collection, external_id, version, hash, data, sealed, bytes, last_modified_at, last_action
      from record where collection = %d
      """;

  private static final String UPDATE =
      """
      update bench_twin t set version = c.version, hash = c.hash, data = c.data, sealed = c.sealed,
        bytes = c.bytes, last_modified_at = c.last_modified_at, last_action = c.last_action
      from bench_changed c where t.collection = c.collection and t.external_id = c.external_id
      """;

  /** Seconds to bring the twin to what the collection has become, by one UPDATE of every row. */
  double update(long collection, long rows) throws SQLException {
    execute(CHANGED.formatted(collection));
    execute("analyze bench_changed");
    execute("vacuum analyze bench_twin");
    execute("checkpoint");
    try (Statement statement = connection.createStatement()) {
      long from = System.nanoTime();
      long updated = statement.executeLargeUpdate(UPDATE);
      double seconds = since(from);
      if (updated != rows) {
        throw new BenchUnusable("the reference updated " + updated + " rows");
      }
      return seconds;
    } finally {
      execute("drop table bench_changed");
    }
  }

  void drop() throws SQLException {
    execute("drop table if exists bench_twin");
  }

  private static final String HASHES =
      "select external_id, hash from record where collection = ? order by version";

  private static final String LOOK_UP =
      """
      select u.id from unnest(?, ?) as u(id, hash)
      left join lateral (
        select r.hash from record r where r.collection = ? and r.external_id = u.id offset 0) x on true
      where x.hash is distinct from u.hash
      """;

  /** Seconds to look up the hashes of every row, in batches whose arrays are there already. */
  double lookUp(long collection, int batch) throws SQLException {
    List<java.sql.Array[]> batches = batches(collection, batch);
    try (PreparedStatement statement = connection.prepareStatement(LOOK_UP)) {
      long from = System.nanoTime();
      for (java.sql.Array[] arrays : batches) {
        statement.setArray(1, arrays[0]);
        statement.setArray(2, arrays[1]);
        statement.setLong(3, collection);
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next()) {
            throw new BenchUnusable("the reference found a difference");
          }
        }
      }
      return since(from);
    }
  }

  private List<java.sql.Array[]> batches(long collection, int batch) throws SQLException {
    List<java.sql.Array[]> batches = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<byte[]> hashes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(HASHES)) {
      statement.setLong(1, collection);
      try (ResultSet rows = statement.executeQuery()) {
        boolean more = rows.next();
        while (more) {
          ids.add(rows.getString(1));
          hashes.add(rows.getBytes(2));
          more = rows.next();
          if (!more || ids.size() == batch) {
            batches.add(
                new java.sql.Array[] {
                  connection.createArrayOf("text", ids.toArray(String[]::new)),
                  connection.createArrayOf("bytea", hashes.toArray(byte[][]::new))
                });
            ids.clear();
            hashes.clear();
          }
        }
      }
    }
    return batches;
  }

  private static final String SERVED =
      """
      copy (select external_id, data, sealed, key, version, first_seen_at, last_modified_at, last_action,
          deleted_at, pruned_at
        from record where collection = %d) to stdout (format %s)
      """;

  /**
   * Seconds to read what a listing is made of, drained here.
   *
   * @param format text, as COPY has it by itself, or binary, which sends a sealed payload as it is
   */
  double read(long collection, long rows, String format) throws SQLException {
    long from = System.nanoTime();
    CopyOut copy = copies().copyOut(SERVED.formatted(collection, format));
    long messages = 0;
    while (copy.readFromCopy() != null) {
      messages++;
    }
    double seconds = since(from);
    // In binary, the rows stand between a header and an end.
    if (messages < rows || messages > rows + 2) {
      throw new BenchUnusable("the reference read " + messages + " rows");
    }
    return seconds;
  }

  private static double since(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }

  private CopyManager copies() throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  private String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
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
