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
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Looks at runs from outside, and does with plain COPY what they did. One thread. */
final class BenchStore implements AutoCloseable {
  private final Connection connection;

  BenchStore(DatabaseAddress address) throws SQLException {
    connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  /** An ended run of the tickets, by the database's clock. */
  record Ended(String outcome, double seconds, long added, long unchanged) {}

  private static final String RUN =
      """
      select r.outcome, extract(epoch from r.ended_at - r.started_at), r.added, r.unchanged
      from sync_run r join sync s on s.id = r.sync join connection c on c.id = s.connection
      where c.connection_id = ? and s.name = 'tickets' and r.ended_at is not null
      order by r.id offset ? limit 1
      """;

  /** The connection's run of this number, from 0, if it has ended. */
  Optional<Ended> run(String connectionId, int number) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RUN)) {
      statement.setString(1, connectionId);
      statement.setInt(2, number);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Ended(row.getString(1), row.getDouble(2), row.getLong(3), row.getLong(4)))
            : Optional.empty();
      }
    }
  }

  private static final String ROWS =
      """
      copy (select r.* from record r join collection k on k.id = r.collection join connection c on c.id = k.connection
            where c.connection_id = '%s' and k.model = 'Ticket') to stdout (format binary)
      """;

  /** The connection's tickets as COPY writes them; the id is one of ours, not from outside. */
  byte[] rows(String connectionId) throws SQLException, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    copies().copyOut(ROWS.formatted(connectionId), bytes);
    return bytes.toByteArray();
  }

  private static final String TWIN = "create table bench_twin (like record including all)";

  /** Seconds to COPY and commit rows into an empty table with the columns and indexes of record. */
  double copy(byte[] rows) throws SQLException, IOException {
    execute("drop table if exists bench_twin");
    execute(TWIN);
    execute("checkpoint");
    long from = System.nanoTime();
    copies().copyIn("copy bench_twin from stdin (format binary)", new ByteArrayInputStream(rows));
    double seconds = (System.nanoTime() - from) / 1e9;
    execute("drop table bench_twin");
    return seconds;
  }

  /** What lies unwritten from before is not the next measurement's to pay. */
  void settle() throws SQLException {
    execute("checkpoint");
  }

  String version() throws SQLException {
    return connection.getMetaData().getDatabaseProductVersion();
  }

  private CopyManager copies() throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
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
