package dev.serai.support;

import dev.serai.app.Settings;
import dev.serai.database.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Settings of a Serai under test: free ports, a given database, no sample unless asked for. */
public final class TestSettings {
  private static final Set<String> DRAWN = ConcurrentHashMap.newKeySet();

  public static final String DEV_KEY = Marked.DEV_KEY;

  private final Map<String, String> environment = new HashMap<>();

  public TestSettings(Path data) {
    with("SERAI_DATA", data.toString());
    with("SERAI_PORT", freePort());
    with("SERAI_MANAGEMENT_PORT", freePort());
    with("SERAI_SAMPLE", "false");
    with("SERAI_SECRET_KEY_DEV", DEV_KEY);
  }

  public TestSettings with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public TestSettings with(DatabaseAddress address) {
    with(
        "SERAI_DATABASE_URL",
        "%s?user=%s&password=%s".formatted(address.jdbcUrl(), address.user(), address.password()));
    return with("SERAI_ENCRYPTION_KEY", Marked.MASTER_KEY);
  }

  /** With routes/ and providers/ of this home. */
  public Settings read(Path home) {
    return Settings.read(home, environment);
  }

  /** As a process of its own would be given them. */
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** Never the same twice: a port that was just closed may be offered again at once. */
  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(socket.getLocalPort());
      return DRAWN.add(port) ? port : freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
