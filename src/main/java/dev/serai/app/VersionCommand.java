package dev.serai.app;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code serai version}. */
@Command(name = "version", description = "Print the version of Serai and of Java.")
public final class VersionCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  VersionCommand() {}

  /** Of the jar; classes that are run from a build folder have none. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("(unpackaged)");
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().println("serai " + version() + " on Java " + Runtime.version());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
