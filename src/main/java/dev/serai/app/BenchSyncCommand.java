package dev.serai.app;

import dev.serai.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai bench sync}: records per second from a provider's API to a committed row. */
@Command(
    name = "sync",
    description = {
      "Measure a sync end to end (fetch, map, diff, commit) with the sample provider's own route,",
      "beside a bare COPY of the same rows. Uses a database of its own in a temporary folder."
    })
final class BenchSyncCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--rows",
      defaultValue = "20000",
      description = "Tickets at the helpdesk (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--repetitions",
      defaultValue = "5",
      description =
          "How often everything is measured; medians are told (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--page",
      split = ",",
      defaultValue = "100,1000",
      description = "Records per answer of the helpdesk (default: ${DEFAULT-VALUE}).")
  private List<Integer> pages = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Also write every figure here.")
  private @Nullable Path json;

  BenchSyncCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    SyncBench.Plan plan = new SyncBench.Plan(rows, repetitions, pages);
    BenchReport report;
    try (SyncBench bench = SyncBench.open(Cli.home(), plan)) {
      report =
          bench.measure(line -> {
            out.println(line);
            out.flush();
          });
    }
    report.lines().forEach(out::println);
    out.flush();
    if (json != null) {
      Files.writeString(json, Json.write(report.json()) + "\n");
    }
    return 0;
  }
}
