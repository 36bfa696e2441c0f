package dev.serai.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a bench measured.
 *
 * @param series one line of the report each
 */
record BenchReport(String machine, int rows, List<Series> series) {
  static final String COPY = "bare COPY";

  /**
   * Records per second, one value per repetition.
   *
   * @param page records per answer; 0: there are no pages
   */
  record Series(String what, int page, List<Double> perSecond) {
    double median() {
      List<Double> sorted = perSecond.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }

  List<String> lines() {
    double copy =
        series.stream()
            .filter(one -> one.what().equals(COPY))
            .findFirst()
            .map(Series::median)
            .orElse(Double.NaN);
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(machine);
    lines.add(
        "%,d records, median of %d repetitions after a warm-up"
            .formatted(rows, series.getFirst().perSecond().size()));
    lines.add("%-12s %8s %12s %12s".formatted("", "page", "records/s", "of COPY"));
    for (Series one : series) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-12s %8s %,12.0f %11.0f%%",
              one.what(),
              one.page() == 0 ? "-" : Integer.toString(one.page()),
              one.median(),
              100 * one.median() / copy));
    }
    return lines;
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("machine", machine).put("rows", rows);
    ArrayNode all = json.putArray("series");
    for (Series one : series) {
      ObjectNode node = all.addObject().put("what", one.what()).put("page", one.page());
      node.put("median_per_second", Math.round(one.median()));
      ArrayNode values = node.putArray("per_second");
      one.perSecond().forEach(value -> values.add(Math.round(value)));
    }
    return json;
  }

  /** The machine in one line: figures without it say nothing. */
  static String machine(String postgres) {
    Runtime runtime = Runtime.getRuntime();
    return "%s, %d processors, %,d MB of heap at most, %s %s, JDK %s, PostgreSQL %s"
        .formatted(
            processor(),
            runtime.availableProcessors(),
            runtime.maxMemory() >> 20,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version().feature(),
            postgres);
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
