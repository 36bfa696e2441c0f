package dev.serai.app;

import dev.serai.provider.ProviderCheck;
import dev.serai.provider.ProviderProblem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code serai providers}: what is there, and whether it is whole. Needs no running Serai. */
@Command(
    name = "providers",
    description = "List the providers, or check their files.",
    subcommands = {ProvidersCommand.ListCommand.class, ProvidersCommand.CheckCommand.class})
public final class ProvidersCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  ProvidersCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list or check");
  }

  static List<Path> folders() {
    return RouteFiles.providers(Settings.read(Cli.home(), System.getenv()).folders().providers());
  }

  /** {@code serai providers list}. */
  @Command(name = "list", description = "List the providers with the number of their routes.")
  static final class ListCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      for (Path folder : folders()) {
        List<Path> routes = RouteFiles.of(folder);
        long syncs = routes.stream().filter(f -> f.startsWith(folder.resolve("syncs"))).count();
        long actions = routes.size() - syncs;
        out.printf(
            "%-20s %3d syncs %3d actions  %s%n", folder.getFileName(), syncs, actions, folder);
      }
      out.flush();
      return 0;
    }
  }

  /** {@code serai providers check}. */
  @Command(
      name = "check",
      description =
          "Check the files of every provider, or of the folders given; 1 when one is broken.")
  static final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @CommandLine.Parameters(
        paramLabel = "FOLDER",
        description = "a provider, or a folder of providers")
    private List<Path> folders = List.of();

    @Override
    public Integer call() {
      List<Path> roots =
          folders.isEmpty()
              ? Settings.read(Cli.home(), System.getenv()).folders().providers()
              : folders;
      ProviderCheck check = ProviderRules.all();
      List<ProviderProblem> problems =
          roots.stream().flatMap(root -> check.check(root).stream()).toList();
      PrintWriter out = spec.commandLine().getOut();
      problems.forEach(problem -> out.println(problem.text()));
      out.println(problems.isEmpty() ? "No problems" : problems.size() + " to put right");
      out.flush();
      return problems.isEmpty() ? 0 : Cli.FAILED;
    }
  }
}
