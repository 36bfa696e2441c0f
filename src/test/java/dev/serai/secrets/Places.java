package dev.serai.secrets;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.serai.database.DatabaseAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Everything that stays or can be asked for, as text by the name of its place. */
final class Places {
  private Places() {}

  /** Every row of every table with all its columns; bytes are in hexadecimal. */
  static Map<String, String> rows(DatabaseAddress address) throws SQLException {
    Map<String, String> places = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      for (String table : tables(statement)) {
        try (ResultSet rows = statement.executeQuery("select t::text from " + table + " t")) {
          for (int i = 1; rows.next(); i++) {
            places.put(table + " row " + i, rows.getString(1));
          }
        }
      }
    }
    return places;
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet names =
        statement.executeQuery(
            "select quote_ident(relname) from pg_class where relkind in ('r', 'p')"
                + " and relnamespace = 'public'::regnamespace and not relispartition")) {
      while (names.next()) {
        tables.add(names.getString(1));
      }
    }
    return tables;
  }

  /** Every readable attribute of every bean of this JVM. */
  static Map<String, String> beans() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Map<String, String> places = new TreeMap<>();
    for (ObjectName name : server.queryNames(null, null)) {
      for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
        try {
          Object value = server.getAttribute(name, attribute.getName());
          places.put(name + " " + attribute.getName(), Arrays.deepToString(new Object[] {value}));
        } catch (JMException | RuntimeException e) {
          places.put(name + " " + attribute.getName(), String.valueOf(e));
        }
      }
    }
    return places;
  }

  /** What a dump of all threads shows, the virtual ones included. */
  static Map<String, String> threads(Path folder) throws IOException {
    Path dump = folder.resolve("threads.json");
    Files.deleteIfExists(dump);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(
            dump.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
    return Map.of("thread dump", Files.readString(dump));
  }

  static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> places = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        places.put(
            file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return places;
  }
}
