package dev.serai.app;

import dev.serai.inbox.FailedStore;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code serai webhooks}: webhooks from providers that were given up, beside a Serai that runs. */
@Command(
    name = "webhooks",
    description = "List, retry or discard webhooks from providers that were given up.",
    subcommands = {
      WebhooksCommand.ListCommand.class,
      WebhooksCommand.RetryCommand.class,
      WebhooksCommand.DiscardCommand.class
    })
public final class WebhooksCommand implements Runnable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  WebhooksCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, retry or discard");
  }

  /** {@code serai webhooks list}. */
  @Command(name = "list", description = "Show them with their reasons, the oldest first.")
  static final class ListCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(
        names = "--most",
        paramLabel = "N",
        defaultValue = "100",
        description = "Show so many. Default ${DEFAULT-VALUE}.")
    private int most;

    @Override
    public Integer call() {
      List<FailedStore.Failed> failed =
          StoredData.with(database -> new FailedStore(database).list(Math.max(1, most)));
      PrintWriter out = spec.commandLine().getOut();
      for (FailedStore.Failed one : failed) {
        out.printf(
            "%-16s %s  %s  %s  %s  %d tries  %s%n",
            one.id(),
            TIME.format(one.receivedAt()),
            one.integration(),
            one.connection().isEmpty() ? "-" : one.connection(),
            one.event().isEmpty() ? "-" : one.event(),
            one.attempts(),
            one.reason());
      }
      out.printf("%d given up%s%n", failed.size(), failed.size() == most ? " at least" : "");
      out.flush();
      return 0;
    }
  }

  /** Those that a command is for. */
  static final class Chosen {
    @CommandLine.Option(names = "--all", description = "All that were given up.")
    private boolean all;

    @CommandLine.Parameters(arity = "0..*", paramLabel = "ID", description = "as 'list' names it")
    private List<String> ids = new ArrayList<>();

    /** Empty: all. */
    private List<String> of(CommandLine command) {
      if (all != ids.isEmpty()) {
        throw new ParameterException(command, "give ids as 'list' names them, or --all");
      }
      return ids;
    }
  }

  /** {@code serai webhooks retry}. */
  @Command(
      name = "retry",
      description = {
        "Do them again at once, with ten tries before them.",
        "An old event may save an old state over a newer one until the next sync."
      })
  static final class RetryCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @CommandLine.Mixin private final Chosen chosen = new Chosen();

    @Override
    public Integer call() {
      List<String> ids = chosen.of(spec.commandLine());
      int changed = StoredData.with(database -> new FailedStore(database).retry(ids));
      return told(spec, ids, changed, "due again");
    }
  }

  /** {@code serai webhooks discard}. */
  @Command(name = "discard", description = "Let them go for good.")
  static final class DiscardCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @CommandLine.Mixin private final Chosen chosen = new Chosen();

    @Override
    public Integer call() {
      List<String> ids = chosen.of(spec.commandLine());
      int changed = StoredData.with(database -> new FailedStore(database).discard(ids));
      return told(spec, ids, changed, "discarded");
    }
  }

  private static int told(
      CommandLine.Model.CommandSpec spec, List<String> ids, int changed, String what) {
    PrintWriter out = spec.commandLine().getOut();
    int passed = Math.max(0, ids.size() - changed);
    out.printf(
        "%d %s%s%n",
        changed, what, passed == 0 ? "" : ", " + passed + " are not given up (any more)");
    out.flush();
    return passed == 0 ? 0 : Cli.FAILED;
  }
}
