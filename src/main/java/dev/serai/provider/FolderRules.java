package dev.serai.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every file that is named exists and every file that exists is named: a folder can be dropped in
 * or out as a whole, and nothing in it is a leftover.
 */
public final class FolderRules implements Function<Path, List<ProviderProblem>> {
  private static final Pattern IMPORT =
      Pattern.compile("^\\s*import\\s+\"(?:[^\"]*/)?([^\"/]+)\\.jslt\"", Pattern.MULTILINE);

  private final Function<String, Boolean> knownModel;

  /**
   * @param knownModel whether a name is a unified model or input
   */
  public FolderRules(Function<String, Boolean> knownModel) {
    this.knownModel = knownModel;
  }

  @Override
  public List<ProviderProblem> apply(Path folder) {
    List<ProviderProblem> problems = new ArrayList<>();
    List<RouteFile> routes = RouteFile.of(folder, new ArrayList<>());
    readme(folder, problems);
    logo(folder, problems);
    mappings(folder, routes, problems);
    schemas(folder, routes, problems);
    return problems;
  }

  private static void readme(Path folder, List<ProviderProblem> problems) {
    Path readme = folder.resolve("README.md");
    if (!Files.exists(readme) || !read(readme).contains("## Surprises")) {
      problems.add(
          new ProviderProblem(
              readme,
              0,
              "a provider needs a README.md with a chapter Surprises",
              "say how to register the app, which scopes and why, and what is not as one expects"));
    }
  }

  private static void logo(Path folder, List<ProviderProblem> problems) {
    Path logo = folder.resolve(Logo.FILE);
    if (Files.exists(logo) && !Logo.fits(logo)) {
      problems.add(
          new ProviderProblem(
              logo,
              0,
              "a logo may have " + Logo.MOST_BYTES / 1024 + " KiB; this one is not shown",
              "make it smaller or remove it"));
    }
  }

  private static void mappings(
      Path folder, List<RouteFile> routes, List<ProviderProblem> problems) {
    Set<String> there = names(folder.resolve("mappings"), ".jslt");
    Set<String> used = new HashSet<>();
    for (RouteFile route : routes) {
      for (RouteFile.Place step : route.steps()) {
        if (step.scheme().equals("mapping")) {
          String name = step.path().substring(step.path().indexOf('/') + 1);
          used.add(name);
          if (!there.contains(name)) {
            problems.add(
                route.problem(
                    step.line(),
                    "there is no mapping " + name,
                    "write mappings/" + name + ".jslt"));
          }
        }
      }
    }
    for (Path mapping : RouteFile.files(folder.resolve("mappings"), ".jslt")) {
      Matcher imports = IMPORT.matcher(read(mapping));
      while (imports.find()) {
        used.add(imports.group(1));
      }
    }
    unused(folder, "mappings", ".jslt", used, problems);
  }

  private void schemas(Path folder, List<RouteFile> routes, List<ProviderProblem> problems) {
    Set<String> own = names(folder.resolve("schemas"), ".json");
    Set<String> used = new HashSet<>();
    for (RouteFile route : routes) {
      var parameters = route.from().node().path("parameters");
      for (String key : List.of("input", "output")) {
        String name = parameters.path(key).asText("");
        used.add(name);
        if (route.kind().equals("action")
            && !name.isEmpty()
            && !own.contains(name)
            && !knownModel.apply(name)) {
          problems.add(
              route.problem(
                  route.from().line(),
                  "there is no schema " + name,
                  "write schemas/" + name + ".json"));
        }
      }
      for (RouteFile.Place step : route.steps()) {
        if (step.scheme().equals("records")) {
          used.add(step.path());
        }
      }
    }
    unused(folder, "schemas", ".json", used, problems);
  }

  private static void unused(
      Path folder,
      String directory,
      String suffix,
      Set<String> used,
      List<ProviderProblem> problems) {
    for (String name : names(folder.resolve(directory), suffix)) {
      if (!used.contains(name)) {
        problems.add(
            new ProviderProblem(
                folder.resolve(directory).resolve(name + suffix),
                0,
                "nothing uses this file",
                "use it or remove it"));
      }
    }
  }

  private static Set<String> names(Path directory, String suffix) {
    return RouteFile.files(directory, suffix).stream()
        .map(f -> f.getFileName().toString().replace(suffix, ""))
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
