package dev.serai.database;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings our server runs with: made for a small machine, for a table that is always being
 * updated, and for never losing a commit. Logs carry no parameters and no row contents.
 */
final class ServerOptions {
  private static final Map<String, String> DURABLE =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("max_connections", "60"),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("work_mem", "16MB"),
          Map.entry("random_page_cost", "1.1"),
          // Each page's first change after a checkpoint logs the page: pglz made 171 MB of 237, and
          // halved the rate of changes while at it.
          Map.entry("wal_compression", "off"),
          Map.entry("max_wal_size", "2GB"),
          Map.entry("min_wal_size", "160MB"),
          Map.entry("jit", "off"),
          // Containers often have 64 MB of /dev/shm, which parallel queries can fill.
          Map.entry("max_parallel_workers_per_gather", "0"),
          Map.entry("default_transaction_isolation", "read committed"),
          Map.entry("timezone", "UTC"),
          Map.entry("autovacuum_naptime", "15s"),
          Map.entry("autovacuum_vacuum_scale_factor", "0.05"),
          Map.entry("autovacuum_analyze_scale_factor", "0.02"),
          Map.entry("autovacuum_vacuum_cost_limit", "1000"),
          Map.entry("logging_collector", "on"),
          Map.entry("log_filename", "postgres-%a.log"),
          Map.entry("log_truncate_on_rotation", "on"),
          Map.entry("log_rotation_age", "1d"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_parameter_max_length", "0"),
          Map.entry("log_parameter_max_length_on_error", "0"));

  /** For tests: a crash of the machine loses everything, which is what a test wants. */
  private static final Map<String, String> FORGETFUL =
      Map.of(
          "fsync", "off",
          "synchronous_commit", "off",
          "full_page_writes", "off",
          "shared_buffers", "64MB",
          "effective_cache_size", "1GB",
          "maintenance_work_mem", "128MB",
          "max_wal_size", "256MB",
          "min_wal_size", "80MB",
          "max_connections", "100");

  private ServerOptions() {}

  /**
   * An eighth of the memory for the pages in use, at least 256 MB and at most 4 GB: the JVM, and
   * the kernel's cache of the same files, need the rest.
   *
   * @param bytes of the machine
   */
  static Map<String, String> sized(long bytes) {
    long megabytes = bytes >> 20;
    return Map.of(
        "shared_buffers", Math.clamp(megabytes / 8, 256, 4_096) + "MB",
        "effective_cache_size", Math.max(megabytes / 2, 512) + "MB",
        "maintenance_work_mem", Math.clamp(megabytes / 32, 64, 512) + "MB");
  }

  /** Of the container, where there is one. */
  private static long machine() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  static List<String> of(Path data, int port, Path logs, boolean durable) {
    Map<String, String> options = new TreeMap<>(DURABLE);
    options.putAll(sized(machine()));
    if (!durable) {
      options.putAll(FORGETFUL);
    }
    options.put("port", Integer.toString(port));
    options.put("log_directory", logs.toString());
    List<String> arguments = new ArrayList<>(List.of("-D", data.toString()));
    options.forEach((key, value) -> arguments.addAll(List.of("-c", key + "=" + value)));
    return arguments;
  }
}
