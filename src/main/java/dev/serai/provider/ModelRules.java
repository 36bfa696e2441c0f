package dev.serai.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What {@code models:} names is there: a model that a route saves, and fields that it has. */
public final class ModelRules implements Function<Path, List<ProviderProblem>> {
  private final KnownField known;

  public ModelRules(KnownField known) {
    this.known = known;
  }

  /** Whether a model can have a field; true where no schema says. */
  @FunctionalInterface
  public interface KnownField {
    boolean test(Path folder, String model, String field);
  }

  @Override
  public List<ProviderProblem> apply(Path folder) {
    List<ProviderProblem> problems = new ArrayList<>();
    Path file = folder.resolve("provider.yaml");
    try {
      YamlDocument document = YamlDocument.parse(file, Files.readString(file));
      Words models = new Words(document, document.root(), "", problems).child("models");
      if (models != null && models.node().isObject()) {
        Set<String> saved = saved(folder);
        models.children().forEach((model, words) -> check(folder, model, words, saved));
      }
    } catch (YamlDocument.Unreadable | IOException e) {
      return List.of(); // told by whoever reads the file to use it
    }
    return problems;
  }

  /** The models that a folder's routes save, as the routes spell them. */
  public static Set<String> saved(Path folder) {
    Set<String> saved = new TreeSet<>();
    for (RouteFile route : RouteFile.of(folder, new ArrayList<>())) {
      for (RouteFile.Place step : route.steps()) {
        if (step.scheme().equals("records")) {
          saved.add(step.path());
        }
      }
    }
    return saved;
  }

  private void check(Path folder, String model, Words words, Set<String> saved) {
    if (saved.stream().noneMatch(model::equalsIgnoreCase)) {
      words.problem(
          "",
          "no route saves the model " + model,
          saved.isEmpty()
              ? "remove it"
              : "correct its name (saved here: " + String.join(", ", saved) + ")");
      return;
    }
    for (int i = 0; i < words.node().path("ignore").size(); i++) {
      String field = words.node().path("ignore").get(i).asText();
      if (!known.test(folder, model, field)) {
        words.problem(
            "ignore/" + i,
            "'%s' is not a field of %s".formatted(field, model),
            "name a field of the mapped record, dotted from the top, or remove it");
      }
    }
  }
}
