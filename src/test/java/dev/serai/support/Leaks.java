package dev.serai.support;

import dev.serai.database.DatabaseAddress;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * No test may leave a {@linkplain Marked secret} where it does not belong: in a column of a
 * database, in what this JVM or a process of a test prints, in an answer that is an error. Every
 * test class is watched, as {@code META-INF/services} says; the test or class that was running
 * fails.
 */
public final class Leaks implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final Queue<String> HITS = new ConcurrentLinkedQueue<>();
  private static final Map<DatabaseAddress, String> TABLES = new ConcurrentHashMap<>();
  private static boolean listening;

  @Override
  public void beforeAll(ExtensionContext context) {
    listen();
  }

  private static synchronized void listen() {
    if (!listening) {
      listening = true;
      System.setOut(heard(System.out, "printed"));
      System.setErr(heard(System.err, "printed to stderr"));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    tell();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TestServer.lookThroughTheRest();
    tell();
  }

  /** Fails if a secret was met since the last time. */
  private static void tell() {
    List<String> hits = new ArrayList<>();
    for (String hit = HITS.poll(); hit != null; hit = HITS.poll()) {
      hits.add(hit);
    }
    if (!hits.isEmpty()) {
      throw new AssertionError("Secrets were met:\n" + String.join("\n", hits));
    }
  }

  /**
   * @param place named when the test fails
   */
  public static void look(String place, String text) {
    Marked.in(text).ifPresent(hit -> HITS.add(place + ": " + hit));
  }

  /** As {@link #look(String, String)}, for those who must know at once. */
  static List<String> taken() {
    List<String> taken = List.copyOf(HITS);
    HITS.removeAll(taken);
    return taken;
  }

  /** Every row of every table, bytes in hexadecimal; the database's server does the search. */
  public static void look(DatabaseAddress address) {
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      look(address, statement);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot look through " + address.jdbcUrl(), e);
    }
  }

  private static void look(DatabaseAddress address, Statement statement) throws SQLException {
    String query = TABLES.get(address);
    if (query == null) {
      query = query(statement);
      if (query.isEmpty()) {
        return; // nothing was migrated yet
      }
      TABLES.put(address, query);
    }
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        look("a row of " + rows.getString(1), rows.getString(2));
      }
    }
  }

  private static String query(Statement statement) throws SQLException {
    List<String> parts = new ArrayList<>();
    try (ResultSet names =
        statement.executeQuery(
            "select quote_ident(relname) from pg_class where relkind in ('r', 'p')"
                + " and relnamespace = 'public'::regnamespace and not relispartition")) {
      while (names.next()) {
        parts.add(
            "select '%1$s', t::text from %1$s t where t::text ~ '%2$s'"
                .formatted(names.getString(1), Marked.any()));
      }
    }
    return parts.stream().collect(Collectors.joining(" union all "));
  }

  /** The same stream; every line that goes through it is looked at. */
  static PrintStream heard(PrintStream stream, String place) {
    return new PrintStream(new Lines(stream, place), true, StandardCharsets.UTF_8);
  }

  private static final class Lines extends FilterOutputStream {
    private static final int LONGEST = 1 << 20;

    private final String place;
    private final StringBuilder line = new StringBuilder();

    Lines(OutputStream out, String place) {
      super(out);
      this.place = place;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
      line.append(text);
      if (text.indexOf('\n') >= 0 || line.length() > LONGEST) {
        look(place, line.toString());
        line.setLength(0);
      }
    }
  }
}
