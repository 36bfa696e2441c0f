package dev.serai.app;

import dev.serai.vault.Leftovers;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code serai keys clear}: names the values that no key opens, and empties them on request. */
@Command(
    name = "clear",
    description = {
      "Show the values that open by no key, because somebody changed or moved them or their key is gone.",
      "With --confirm and their number, empty them; give what they held again."
    })
final class ClearCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Option(
      names = "--confirm",
      paramLabel = "N",
      description = "Empty them, if there are just so many.")
  private @Nullable Integer confirmed;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    int code =
        KeysCommand.Tools.with(tools -> {
          Leftovers leftovers = new Leftovers(tools.database(), tools.master(), SealedPlaces.ALL);
          return clear(leftovers, leftovers.unreadable(), out);
        });
    out.flush();
    return code;
  }

  private int clear(Leftovers leftovers, List<Leftovers.Unreadable> found, PrintWriter out) {
    found.forEach(out::println);
    Integer meant = confirmed;
    if (meant == null) {
      out.printf("%,d values open by no key; nothing was changed%n", found.size());
      if (!found.isEmpty()) {
        out.printf("Empty them by 'serai keys clear --confirm %d'%n", found.size());
      }
      return 0;
    }
    if (meant != found.size()) {
      out.printf("%,d values open by no key, not %,d; nothing was changed%n", found.size(), meant);
      return Cli.FAILED;
    }
    out.printf("%,d values are empty now%n", leftovers.clear(found));
    return 0;
  }
}
