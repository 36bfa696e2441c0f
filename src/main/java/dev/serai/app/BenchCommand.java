package dev.serai.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code serai bench}: one subcommand per measurement. */
@Command(
    name = "bench",
    description = "Measure what this machine can do.",
    subcommands = {BenchSyncCommand.class, BenchRecordsCommand.class},
    synopsisSubcommandLabel = "MEASUREMENT")
public final class BenchCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  BenchCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "nothing to measure given");
  }
}
