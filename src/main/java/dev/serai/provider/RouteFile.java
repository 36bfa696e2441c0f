package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A route file of a provider, read for its rules and not to be run.
 *
 * @param kind {@code sync}, {@code action}, {@code webhook} or {@code connection}
 * @param name the file's own name, which is the sync's or action's, or what happens to a
 *     connection; a webhook route names its events itself
 */
record RouteFile(Path file, String kind, String name, YamlDocument document) {
  private static final String SUFFIX = ".camel.yaml";

  /** One step or endpoint and where it stands. */
  record Place(String keyword, JsonNode node, int line) {
    String uri() {
      return node.path("uri").asText("");
    }

    String scheme() {
      int colon = uri().indexOf(':');
      return colon < 0 ? uri() : uri().substring(0, colon);
    }

    /** What follows the scheme, without options. */
    String path() {
      String rest = uri().substring(Math.min(uri().length(), scheme().length() + 1));
      int options = rest.indexOf('?');
      return options < 0 ? rest : rest.substring(0, options);
    }
  }

  /** The readable route files of a folder; those that are no YAML are problems. */
  static List<RouteFile> of(Path folder, List<ProviderProblem> problems) {
    List<RouteFile> routes = new ArrayList<>();
    Map.of(
            "syncs", "sync",
            "actions", "action",
            "webhooks", "webhook",
            "connection", "connection")
        .forEach((directory, kind) -> {
          for (Path file : files(folder.resolve(directory), SUFFIX)) {
            try {
              routes.add(
                  new RouteFile(
                      file,
                      kind,
                      file.getFileName().toString().replace(SUFFIX, ""),
                      YamlDocument.parse(file, Files.readString(file))));
            } catch (YamlDocument.Unreadable e) {
              problems.add(e.problem);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    return routes;
  }

  static List<Path> files(Path directory, String suffix) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode route() {
    return document.root().path(0).path("route");
  }

  Place from() {
    return new Place("from", route().path("from"), document.line("/0/route/from"));
  }

  /** Every step, however deeply nested, in order. */
  List<Place> steps() {
    List<Place> steps = new ArrayList<>();
    walk(
        route().path("from"),
        "/0/route/from",
        (pointer, step) ->
            step.properties()
                .forEach(e ->
                    steps.add(
                        new Place(
                            e.getKey(), e.getValue(), document.line(pointer + "/" + e.getKey())))));
    return steps;
  }

  // A step list is whatever stands under a key `steps`; each element is an object of one keyword.
  private static void walk(JsonNode node, String pointer, BiConsumer<String, JsonNode> visit) {
    if (node.isObject()) {
      node.properties()
          .forEach(e -> {
            String at = pointer + "/" + e.getKey();
            if (e.getKey().equals("steps") && e.getValue().isArray()) {
              for (int i = 0; i < e.getValue().size(); i++) {
                visit.accept(at + "/" + i, e.getValue().get(i));
              }
            }
            walk(e.getValue(), at, visit);
          });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), pointer + "/" + i, visit);
      }
    }
  }

  ProviderProblem problem(int line, String message, String remedy) {
    return new ProviderProblem(file, line, message, remedy);
  }
}
