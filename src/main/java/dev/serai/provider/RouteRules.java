package dev.serai.provider;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a provider's routes must look like, so that any of them is found, read and trusted without
 * knowing the others. Route authors are trusted: this is for clarity, not a sandbox.
 */
public final class RouteRules implements Function<Path, List<ProviderProblem>> {
  private static final Set<String> SCHEMES =
      Set.of("mapping", "records", "provider", "sync", "log", "webhook");

  /** What may happen to a connection that a provider takes part in. */
  private static final Set<String> EVENTS = Set.of("created", "deleting");

  /** Without a page of a sync there is nothing to save or to start. */
  private static final Set<String> OF_PAGES = Set.of("records", "sync");

  // They look like success to a consumer that only sees the exchange come back.
  private static final Map<String, String> MISLEADING =
      Map.of(
          "doTry", "let the failure through: the engine books it and tries again",
          "aggregate", "the page is the batch: remove it",
          "threads", "save in the route's own thread: remove it",
          "wireTap", "use a plain `to`",
          "toD", "data is never an address: use `to` with a fixed uri",
          "onException", "let the failure through: the engine books it and tries again",
          "bean", "use provider, mapping, records and the patterns of Camel",
          "script", "use a mapping",
          "process", "use a mapping");

  @Override
  public List<ProviderProblem> apply(Path folder) {
    List<ProviderProblem> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (RouteFile file : RouteFile.of(folder, problems)) {
      String provider = folder.getFileName().toString();
      names(file, provider, problems);
      beginning(file, provider, problems);
      for (RouteFile.Place step : file.steps()) {
        step(file, step, provider, ids, problems);
      }
    }
    return problems;
  }

  private static void names(RouteFile file, String provider, List<ProviderProblem> problems) {
    int line = file.document().line("/0/route/id");
    if (file.document().root().size() != 1 || file.route().isMissingNode()) {
      problems.add(
          file.problem(1, "a file holds exactly one `- route:`", "one file for each route"));
      return;
    }
    String id = provider + "-" + file.kind() + "-" + file.name();
    if (!file.route().path("id").asText().equals(id)) {
      problems.add(file.problem(line, "the route's id does not say where it is", "id: " + id));
    }
    if (!file.route().path("group").asText().equals(provider)) {
      problems.add(
          file.problem(line, "the route's group is not its provider", "group: " + provider));
    }
    String description = file.route().path("description").asText();
    if (description.isBlank() || description.endsWith(".")) {
      problems.add(
          file.problem(
              line,
              "a route needs a description without a full stop",
              "description: one sentence that a support engineer understands"));
    }
  }

  private static void beginning(RouteFile file, String provider, List<ProviderProblem> problems) {
    if (file.kind().equals("connection") && !EVENTS.contains(file.name())) {
      problems.add(
          file.problem(
              file.from().line(),
              "nothing that happens to a connection is called " + file.name(),
              "name the file connection/created.camel.yaml or connection/deleting.camel.yaml"));
      return;
    }
    boolean webhook = file.kind().equals("webhook");
    String expected = file.kind() + ":" + provider + "/" + (webhook ? "<event>" : file.name());
    String found = file.from().scheme() + ":" + file.from().path();
    if (webhook ? !found.startsWith("webhook:" + provider + "/") : !found.equals(expected)) {
      problems.add(
          file.problem(file.from().line(), "the route begins with " + found, "uri: " + expected));
    }
  }

  private static void step(
      RouteFile file,
      RouteFile.Place step,
      String provider,
      Set<String> ids,
      List<ProviderProblem> problems) {
    String misleading = MISLEADING.get(step.keyword());
    if (misleading != null) {
      problems.add(
          file.problem(
              step.line(), "`" + step.keyword() + "` is not used in providers", misleading));
    }
    if (!step.keyword().equals("to")) {
      return;
    }
    String id = step.node().path("id").asText();
    String route = file.route().path("id").asText();
    if (!id.startsWith(route + "-")) {
      problems.add(
          file.problem(
              step.line(),
              "a `to` needs an id that begins with its route's",
              "id: " + route + "-<what it does>"));
    } else if (!ids.add(id)) {
      problems.add(
          file.problem(step.line(), "the id " + id + " exists twice", "rename one of them"));
    }
    if (!SCHEMES.contains(step.scheme())) {
      problems.add(
          file.problem(
              step.line(),
              "`" + step.scheme() + ":` is not used in providers",
              "use provider:, mapping:, records:, sync: or a pattern of Camel"));
    }
    if (file.kind().equals("connection") && OF_PAGES.contains(step.scheme())) {
      problems.add(
          file.problem(
              step.line(),
              "`" + step.scheme() + ":` does not work in connection/",
              "let a sync read and save records: it starts when the connection is prepared"));
    }
    boolean foreign =
        step.scheme().equals("mapping") && !step.path().startsWith(provider + "/")
            || step.scheme().equals("sync") && !step.path().startsWith(provider + "/")
            || step.scheme().equals("provider") && !step.path().equals(provider);
    if (step.scheme().equals("webhook") && !step.path().equals("address")) {
      problems.add(
          file.problem(
              step.line(),
              "`" + step.uri() + "` is no step",
              "webhook:address makes an address for the connection; others begin routes"));
    }
    if (foreign) {
      problems.add(
          file.problem(
              step.line(),
              step.uri() + " belongs to another provider",
              "a folder stands alone: copy what it needs"));
    }
  }
}
