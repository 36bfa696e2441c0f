package dev.serai.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The providers that are there, as one immutable snapshot. Folders are read one by one: a broken
 * one is refused alone and its problems are kept; the others work.
 */
public final class Catalogue {
  private final Map<String, Provider> providers;
  private final List<ProviderProblem> problems;

  private Catalogue(Map<String, Provider> providers, List<ProviderProblem> problems) {
    this.providers = Collections.unmodifiableMap(providers);
    this.problems = List.copyOf(problems);
  }

  /**
   * Reads every folder in these that holds a {@code provider.yaml}. Of two with the same name the
   * first wins and the second is a problem. A root that does not exist is a problem, not an error.
   */
  public static Catalogue load(List<Path> roots) {
    Map<String, Provider> providers = new TreeMap<>();
    List<ProviderProblem> problems = new ArrayList<>();
    for (Path root : roots) {
      for (Path folder : folders(root, problems)) {
        ProviderReader.Result result = new ProviderReader(folder).read();
        problems.addAll(result.problems());
        Provider provider = result.provider();
        if (provider != null && providers.putIfAbsent(provider.name(), provider) != null) {
          problems.add(
              new ProviderProblem(
                  folder.resolve("provider.yaml"),
                  1,
                  "provider " + provider.name() + " exists already in another folder",
                  "remove one of them or rename it"));
        }
      }
    }
    return new Catalogue(providers, problems);
  }

  public Optional<Provider> find(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  /** In the order of their names. */
  public Collection<Provider> all() {
    return providers.values();
  }

  /** What is wrong with the folders that were refused. */
  public List<ProviderProblem> problems() {
    return problems;
  }

  static List<Path> folders(Path root, List<ProviderProblem> problems) {
    try (Stream<Path> children = Files.list(root)) {
      return children.filter(f -> Files.exists(f.resolve("provider.yaml"))).sorted().toList();
    } catch (IOException e) {
      problems.add(
          new ProviderProblem(
              root,
              0,
              "this folder of providers cannot be read",
              "create it or correct SERAI_PROVIDERS"));
      return List.of();
    }
  }
}
