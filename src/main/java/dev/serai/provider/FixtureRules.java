package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every fixture is what docs/fixtures.md says; every sync has a recorded conversation with a page
 * boundary, every action one with a refusal, every webhook route deliveries that are good, forged,
 * stale and repeated; no fixture holds a header or a value that does not belong into one.
 */
public final class FixtureRules implements Function<Path, List<ProviderProblem>> {
  private static final Set<String> HEADERS =
      Set.of("content-type", "retry-after", "link", "location");
  private static final Pattern RATE_LIMIT = Pattern.compile("(x-)?rate-?limit.*");
  private static final int LONG_WORD = 20;
  // Long runs of hex or base64 with digits in them: what tokens look like and texts do not.
  private static final Pattern SECRET =
      Pattern.compile("(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[A-Za-z])[A-Za-z0-9+/_-]{32,}");

  @Override
  public List<ProviderProblem> apply(Path folder) {
    List<ProviderProblem> problems = new ArrayList<>();
    Set<String> expected = new HashSet<>();
    for (RouteFile route : RouteFile.of(folder, new ArrayList<>())) {
      if (route.kind().equals("connection")) {
        continue; // nothing plays these
      }
      String id = folder.getFileName() + "-" + route.kind() + "-" + route.name();
      expected.add(id);
      Path fixture = folder.resolve("tests").resolve(id + ".json");
      if (!Files.exists(fixture)) {
        problems.add(
            route.problem(1, "the route has no fixture", "record one: tests/" + id + ".json"));
      } else {
        check(fixture, route.kind(), expected(folder, route), problems);
      }
    }
    for (Path fixture : RouteFile.files(folder.resolve("tests"), ".json")) {
      String name = fixture.getFileName().toString().replace(".json", "");
      if (!expected.contains(name)) {
        problems.add(
            new ProviderProblem(
                fixture, 0, "there is no route " + name, "rename or remove the fixture"));
      }
    }
    return problems;
  }

  /** What one of a route's cases must show, and what is said where none does. */
  private record Shown(Predicate<JsonNode> by, String otherwise, String remedy) {}

  private static List<Shown> expected(Path folder, RouteFile route) {
    Provider provider = new ProviderReader(folder).read().provider();
    return switch (route.kind()) {
      case "sync" -> paged(provider, route.name()) ? List.of(BOUNDARY) : List.of();
      case "action" -> List.of(REFUSAL);
      default -> deliveries(provider).stream().map(FixtureRules::delivery).toList();
    };
  }

  private static final Shown BOUNDARY =
      new Shown(
          one -> one.path("http").size() > 1,
          "no case has a page boundary",
          "record a second page");

  private static final Shown REFUSAL =
      new Shown(
          one -> one.has("refusal"), "no case is refused by the provider", "record a refusal");

  private static Shown delivery(String kind) {
    return new Shown(
        one -> one.path("shows").asText().equals(kind),
        "no case shows a " + kind + " delivery",
        "add one with `\"shows\": \"" + kind + "\"`");
  }

  private static boolean paged(@Nullable Provider provider, String stream) {
    StreamSpec spec = provider == null ? null : provider.streams().get(stream);
    return spec != null && !(spec.pagination() instanceof Pagination.None);
  }

  private static List<String> deliveries(@Nullable Provider provider) {
    WebhookSpec spec = provider == null ? null : provider.webhooks();
    List<String> kinds = new ArrayList<>(List.of("good"));
    if (spec != null && !(spec.proof() instanceof WebhookSpec.Proof.None)) {
      kinds.add("forged");
    }
    if (spec != null && spec.timestamp() != null) {
      kinds.add("stale");
    }
    if (spec != null && spec.deduplicate()) {
      kinds.add("repeated");
    }
    return kinds;
  }

  private static void check(
      Path fixture, String kind, List<Shown> expected, List<ProviderProblem> problems) {
    JsonNode document = read(fixture);
    problems.addAll(FixtureSchema.check(fixture, kind, document));
    JsonNode cases = document.path("cases");
    for (Shown shown : expected) {
      if (cases.valueStream().noneMatch(shown.by())) {
        problems.add(new ProviderProblem(fixture, 0, shown.otherwise(), shown.remedy()));
      }
    }
    for (JsonNode one : cases) {
      one.path("http").forEach(exchange -> headers(fixture, exchange, problems));
      // The proofs of a webhook's deliveries are made with a secret that is invented.
      one.path("deliveries").forEach(delivery -> ((ObjectNode) delivery).remove("headers"));
    }
    if (looksSecret(cases.toString())) {
      problems.add(
          new ProviderProblem(
              fixture, 0, "a value looks like a secret", "replace it by an invented short one"));
    }
  }

  // A path is long too, but of short words.
  private static boolean looksSecret(String text) {
    return SECRET
        .matcher(text)
        .results()
        .flatMap(run -> Stream.of(run.group().split("/", -1)))
        .anyMatch(word -> word.length() >= LONG_WORD);
  }

  private static void headers(Path fixture, JsonNode exchange, List<ProviderProblem> problems) {
    exchange
        .path("response")
        .path("headers")
        .fieldNames()
        .forEachRemaining(name -> {
          String header = name.toLowerCase(Locale.ROOT);
          if (!HEADERS.contains(header) && !RATE_LIMIT.matcher(header).matches()) {
            problems.add(
                new ProviderProblem(
                    fixture, 0, "the header " + name + " is not kept in fixtures", "remove it"));
          }
        });
  }

  private static JsonNode read(Path fixture) {
    try {
      return Json.parse(Files.readString(fixture));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      return Json.object();
    }
  }
}
