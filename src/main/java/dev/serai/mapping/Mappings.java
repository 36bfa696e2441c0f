package dev.serai.mapping;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.schibsted.spt.data.jslt.JsltException;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.provider.ProviderProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The mappings of all providers, each compiled once per snapshot of the catalogue. Thread-safe. */
public final class Mappings {
  private final Supplier<Catalogue> catalogue;
  private final Cache<Provider, Map<String, Mapping>> compiled =
      Caffeine.newBuilder().weakKeys().build();

  public Mappings(Supplier<Catalogue> catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * {@code providers/<provider>/mappings/<name>.jslt}.
   *
   * @throws MappingFailure when there is none, or with file and line when it does not compile
   */
  public Mapping get(String provider, String name) {
    Provider found =
        catalogue
            .get()
            .find(provider)
            .orElseThrow(() ->
                new MappingFailure(
                    "unknown_mapping",
                    "mapping:%s/%s: provider %s is not loaded: run `./serai providers check`"
                        .formatted(provider, name, provider)));
    Path file = file(found, name);
    return compiled
        .get(found, p -> new ConcurrentHashMap<>())
        .computeIfAbsent(name, key -> compile(file));
  }

  /** What is wrong with the mappings of one provider's folder, for {@code providers check}. */
  public static List<ProviderProblem> check(Path folder) {
    Path mappings = folder.resolve("mappings");
    List<ProviderProblem> problems = new ArrayList<>();
    if (!Files.isDirectory(mappings)) {
      return problems;
    }
    try (Stream<Path> files = Files.list(mappings)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jslt")).sorted().toList()) {
        problem(file, problems);
      }
    } catch (IOException e) {
      problems.add(
          new ProviderProblem(mappings, 0, "this folder cannot be read", "check its permissions"));
    }
    return problems;
  }

  private static void problem(Path file, List<ProviderProblem> problems) {
    try {
      var unused = Mapping.compile(file);
    } catch (JsltException e) {
      problems.add(
          new ProviderProblem(
              file,
              e.getLine(),
              "not JSLT: " + firstLine(e),
              "correct it there (column " + e.getColumn() + ")"));
    } catch (IOException e) {
      problems.add(new ProviderProblem(file, 0, "cannot be read: " + e, "make it UTF-8 text"));
    }
  }

  private static Mapping compile(Path file) {
    try {
      return Mapping.compile(file);
    } catch (JsltException e) {
      throw new MappingFailure(
          "broken_mapping", "%s:%d: not JSLT: %s".formatted(file, e.getLine(), firstLine(e)));
    } catch (IOException e) {
      throw new MappingFailure("unknown_mapping", file + " is missing or cannot be read");
    }
  }

  private static Path file(Provider provider, String name) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw new MappingFailure("unknown_mapping", "'" + name + "' is no name of a mapping");
    }
    return provider.folder().resolve("mappings").resolve(name + ".jslt");
  }

  private static String firstLine(JsltException e) {
    return String.valueOf(e.getMessageWithoutLocation()).lines().findFirst().orElse("");
  }
}
