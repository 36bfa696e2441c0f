package dev.serai.app;

import dev.serai.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai bench records}: the record engine beside what PostgreSQL does by itself. */
@Command(
    name = "records",
    description = {
      "Measure the record engine (canonicalise, hash, diff, commit, read) beside bare statements of",
      "PostgreSQL that do the same. Uses a database of its own in a temporary folder."
    })
final class BenchRecordsCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--rows",
      defaultValue = "300000",
      description = "Records of the one connection (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--repetitions",
      defaultValue = "3",
      description =
          "How often everything is measured; medians are told (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--batch",
      defaultValue = "10000",
      description = "Records per page, each its own transaction (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--full",
      description =
          "Also grow one collection by a sync to the number of --grown: rates before and after, heap meanwhile.")
  private boolean full;

  @Option(
      names = "--grown",
      defaultValue = "10000000",
      description =
          "Rows the collection of --full ends with; it is measured from a hundredth on (default: ${DEFAULT-VALUE}).")
  private int grown;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write every figure here.")
  private @Nullable Path json;

  BenchRecordsCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    RecordBenchReport report =
        RecordBench.measure(
            Cli.home(),
            new RecordBench.Plan(rows, repetitions, batch, full ? grown : 0),
            line -> {
              out.println(line);
              out.flush();
            });
    report.text().forEach(out::println);
    out.flush();
    if (json != null) {
      Files.writeString(json, Json.write(report.json()) + "\n");
    }
    return 0;
  }
}
