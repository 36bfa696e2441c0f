package dev.serai.app;

import dev.serai.SeraiException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage or a wrong setting. */
@Command(
    name = "serai",
    description = "Connects a product to its customers' tools.",
    subcommands = {
      RunCommand.class,
      KeysCommand.class,
      BenchCommand.class,
      ProvidersCommand.class,
      WebhooksCommand.class,
      VersionCommand.class,
      PrepareCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "'serai help COMMAND' tells more. Settings: application.properties."})
public final class Cli implements Runnable {
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  Cli() {}

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Cli())
        .setParameterExceptionHandler(Cli::explain)
        .setExecutionExceptionHandler(Cli::fail);
  }

  /** Where application.properties, routes/ and providers/ are; the launcher says. */
  static Path home() {
    String given = System.getProperty("serai.home", System.getenv().getOrDefault("SERAI_HOME", ""));
    return Path.of(given).toAbsolutePath().normalize();
  }

  /** Without a command: the help, as an error. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  private static int explain(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String help =
        command.getParent() == null ? "serai help" : "serai help " + command.getCommandName();
    String wrong = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
    err.println("serai: " + wrong + "; see '" + help + "'");
    err.flush();
    return WRONG_USAGE;
  }

  /** What is expected to go wrong is one line; a bug is a stack trace. */
  private static int fail(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof SeraiException known)) {
      throw e;
    }
    command.getErr().println("serai: " + known.getMessage() + " [" + known.code() + "]");
    command.getErr().flush();
    return known instanceof SettingsException ? WRONG_USAGE : FAILED;
  }
}
