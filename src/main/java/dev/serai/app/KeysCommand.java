package dev.serai.app;

import dev.serai.database.Database;
import dev.serai.vault.KeyRetirement;
import dev.serai.vault.KeyRotation;
import dev.serai.vault.KeyUses;
import dev.serai.vault.MasterKey;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code serai keys}: the keys that seal secrets, beside a Serai that runs. */
@Command(
    name = "keys",
    description = "List, rotate or retire the keys that seal secrets, or clear what none opens.",
    subcommands = {
      KeysCommand.ListCommand.class,
      KeysCommand.RotateCommand.class,
      KeysCommand.RetireCommand.class,
      ClearCommand.class
    })
public final class KeysCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  KeysCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, rotate, retire or clear");
  }

  /** What the commands work with. */
  record Tools(Settings settings, Database database, MasterKey master) {
    static <T> T with(Function<Tools, T> work) {
      Logs.quiet();
      Settings settings = Settings.read(Cli.home(), System.getenv());
      MasterKey master = settings.masterKey().read();
      try (Database database =
          new Database(StoredData.address(settings), Database.Limits.DEFAULT)) {
        return work.apply(new Tools(settings, database, master));
      }
    }
  }

  /** {@code serai keys list}. */
  @Command(name = "list", description = "Show each key and how many values it sealed, by place.")
  static final class ListCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      Tools.with(tools -> {
        var uses = new KeyUses(tools.database(), SealedPlaces.ALL).list();
        out.printf(
            "%-16s %-9s %-20s %8s  %s%n", "key", "state", "since (UTC)", "values", "masters");
        for (KeyUses.KeyUse key : uses) {
          String state = key.active() ? "in force" : key.since().isEmpty() ? "" : "replaced";
          out.printf(
              "%-16s %-9s %-20s %,8d  %s%n",
              key.name(), state, key.since(), key.total(), String.join(" ", key.masters()));
          key.uses().forEach((place, count) -> out.printf("  %-52s %,8d%n", place, count));
        }
        return uses.size();
      });
      out.flush();
      return 0;
    }
  }

  /** {@code serai keys rotate}. */
  @Command(
      name = "rotate",
      description = {
        "Put a new key in force and seal every stored secret anew; nothing stops meanwhile.",
        "Run it again if it was interrupted: it goes on where it ended."
      })
  static final class RotateCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(
        names = "--master",
        description =
            "Wrap all keys by serai.encryption.key.next too, so that nodes may be restarted with it.")
    private boolean master;

    @CommandLine.Option(
        names = "--batch",
        paramLabel = "N",
        defaultValue = "500",
        description = "Values read at a time. Default ${DEFAULT-VALUE}.")
    private int batch;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      return Tools.with(tools -> master ? changeMaster(tools, out) : rotate(tools, out));
    }

    private int rotate(Tools tools, PrintWriter out) {
      KeyRotation.Rotated done =
          new KeyRotation(tools.database(), tools.master(), SealedPlaces.ALL)
              .rotate(Math.max(1, batch), line -> say(out, line));
      say(
          out,
          "Key %s seals everything: %,d values sealed anew, %,d could not be opened"
              .formatted(done.key(), done.resealed(), done.unreadable()));
      return done.unreadable() == 0 ? 0 : Cli.FAILED;
    }

    private static int changeMaster(Tools tools, PrintWriter out) {
      @Nullable MasterKeySource next = tools.settings().secrets().nextEncryptionKey();
      if (next == null) {
        throw new SettingsException(
            "serai.encryption.key.next is not set: give the next master key there (or as .file or .command)");
      }
      int wrapped =
          new KeyRetirement(tools.database(), tools.master(), SealedPlaces.ALL)
              .changeMaster(next.read());
      say(out, "%d keys may be opened by both master keys now. Next:".formatted(wrapped));
      say(out, "  1. restart every node with the next master key as serai.encryption.key");
      say(out, "  2. run 'serai keys retire --master' with it");
      return 0;
    }

    private static void say(PrintWriter out, String line) {
      out.println(line);
      out.flush();
    }
  }

  /** {@code serai keys retire}. */
  @Command(
      name = "retire",
      description = "Take away a key that nobody uses; refused while anything or anybody does.")
  static final class RetireCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(names = "--master", description = "Every master key but this node's own.")
    private boolean master;

    @CommandLine.Parameters(arity = "0..1", paramLabel = "KEY", description = "as 'list' names it")
    private @Nullable Integer key;

    @Override
    public Integer call() {
      Integer given = key;
      if (master == (given != null)) {
        throw new ParameterException(spec.commandLine(), "give a key's number, or --master");
      }
      PrintWriter out = spec.commandLine().getOut();
      Tools.with(tools -> {
        KeyRetirement retirement =
            new KeyRetirement(tools.database(), tools.master(), SealedPlaces.ALL);
        if (given == null) {
          out.printf("%d wrappings by other master keys are gone%n", retirement.retireMasters());
        } else {
          long left = retirement.retire(given);
          out.printf("Key %d is gone%n", given);
          if (left > 0) {
            out.printf("%,d values that it did not open are left: see 'serai keys clear'%n", left);
          }
        }
        return 0;
      });
      out.flush();
      return 0;
    }
  }
}
