package dev.serai.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.LoopbackDoor;
import dev.serai.http.OutgoingHttp;
import dev.serai.provider.Provider;
import dev.serai.record.ModelCheck;
import dev.serai.record.Models;
import dev.serai.support.FakeProvider;
import dev.serai.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every recorded conversation of every shipped provider (docs/fixtures.md), held against the real
 * route, mapping, client, record and sync engine.
 */
class ProviderFixturesTest {
  private static final Path PROVIDERS = Path.of("providers");
  private static final Path SCHEMA = Path.of("src/main/resources/schemas/fixture.schema.json");

  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private FakeProvider server;
  private OutgoingHttp door;
  private ProviderBench bench;

  @BeforeEach
  void start() throws Exception {
    server = new FakeProvider();
    door = LoopbackDoor.to(server.port());
    bench = new ProviderBench(postgres, List.of(PROVIDERS), door);
  }

  @AfterEach
  void stop() {
    bench.close();
    door.close();
    server.close();
  }

  @TestFactory
  Stream<DynamicNode> what_was_recorded_still_comes_out() {
    return bench.catalogue.all().stream()
        .map(found -> DynamicContainer.dynamicContainer(found.name(), fixtures(found)));
  }

  private List<DynamicNode> fixtures(Provider found) {
    List<DynamicNode> nodes = new ArrayList<>();
    for (Path file : files(found.folder().resolve("tests"))) {
      String route = file.getFileName().toString().replace(".json", "");
      JsonNode fixture = read(file);
      List<DynamicTest> tests = new ArrayList<>();
      tests.add(
          DynamicTest.dynamicTest("is a fixture", () -> assertThat(faults(fixture)).isEmpty()));
      for (JsonNode one : fixture.path("cases")) {
        tests.add(
            DynamicTest.dynamicTest(
                one.path("name").asText(),
                () -> {
                  if (route.startsWith(found.name() + "-webhook-")) {
                    new WebhookCase(postgres, door, found, one).hold();
                  } else {
                    new FixtureCase(bench, server, found, route, one).hold();
                  }
                }));
      }
      nodes.add(DynamicContainer.dynamicContainer(route, tests));
    }
    return nodes;
  }

  private static List<ModelCheck.Fault> faults(JsonNode fixture) {
    return Models.compile("fixture", read(SCHEMA)).faults(fixture);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of(); // the catalogue test says so
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode read(Path file) {
    try {
      return Json.parse(Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
