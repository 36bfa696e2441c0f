package dev.serai.provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@code ./serai providers check} looks at: every folder, and everything wrong with it. */
public final class ProviderCheck {
  private final List<Function<Path, List<ProviderProblem>>> further;

  /**
   * @param further checks of what other packages own, given a provider's folder: mappings, routes
   */
  public ProviderCheck(List<Function<Path, List<ProviderProblem>>> further) {
    this.further = List.copyOf(further);
  }

  /**
   * @param path one provider's folder, or a folder of such folders
   */
  public List<ProviderProblem> check(Path path) {
    List<ProviderProblem> problems = new ArrayList<>();
    List<Path> folders =
        Files.exists(path.resolve("provider.yaml"))
            ? List.of(path)
            : Catalogue.folders(path, problems);
    for (Path folder : folders) {
      problems.addAll(new ProviderReader(folder).read().problems());
      further.forEach(check -> problems.addAll(check.apply(folder)));
    }
    return problems;
  }
}
