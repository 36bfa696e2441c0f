package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.schibsted.spt.data.jslt.Parser;
import dev.serai.Json;
import dev.serai.provider.ProviderCheck;
import dev.serai.record.Models;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sample's folder against the simulator that it describes. */
class SampleProviderTest {
  private static final Path FOLDER = Path.of("providers", "sample");

  private static JsonNode mapped(String mapping, JsonNode input) {
    File file = FOLDER.resolve("mappings").resolve(mapping + ".jslt").toFile();
    return Parser.compile(file).apply(input);
  }

  private static void assertFits(String model, JsonNode value) {
    assertThat(Models.unifiedOnly().check(null, model).faults(value)).as("%s", value).isEmpty();
  }

  @Test
  void its_facts_are_in_order() {
    assertThat(new ProviderCheck(List.of()).check(FOLDER)).isEmpty();
  }

  @Test
  void everything_the_helpdesk_shows_becomes_a_valid_record() throws Exception {
    try (Simulator simulator = Simulator.start(Simulator.Options.TESTS)) {
      HelpdeskCalls calls = new HelpdeskCalls(simulator.uri());
      JsonNode tickets = calls.json("/v1/tickets/all").path("tickets");
      tickets.forEach(ticket -> assertFits("Ticket", mapped("ticket", ticket)));
      JsonNode users = calls.json("/v1/users").path("users");
      users.forEach(user -> assertFits("User", mapped("user", user)));
      JsonNode projects = calls.json("/v1/projects").path("projects");
      projects.forEach(project -> assertFits("Project", mapped("project", project)));
      JsonNode comment = calls.post("/v1/tickets/1/comments", "{\"body\": \"b\"}");
      assertFits("Comment", mapped("comment", comment));

      assertThat(tickets).hasSize(250);
      assertThat(users).hasSize(10);
      assertThat(projects).hasSize(4);
    }
  }

  @Test
  void unified_input_creates_changes_and_clears_a_ticket() throws Exception {
    try (Simulator simulator = Simulator.start(Simulator.Options.TESTS)) {
      HelpdeskCalls calls = new HelpdeskCalls(simulator.uri());
      JsonNode create =
          Json.parse(
              "{\"title\":\"T\",\"description\":\"D\",\"priority\":\"high\",\"status\":\"on_hold\",\"tags\":[\"x\"],"
                  + "\"assignee_ids\":[\"3\"],\"collection_ids\":[\"2\"],\"due_at\":\"2026-12-31T10:00:00Z\"}");
      JsonNode created =
          mapped("ticket", calls.post("/v1/tickets", mapped("ticket-create", create).toString()));
      JsonNode update =
          Json.parse(
              "{\"id\":\"251\",\"status\":\"closed\",\"description\":null,\"tags\":[],\"assignee_ids\":[]}");
      byte[] answer =
          calls
              .send(
                  "PATCH",
                  "/v1/tickets/251",
                  "sample-key",
                  mapped("ticket-update", update).toString())
              .body();
      JsonNode updated = mapped("ticket", Json.parse(answer));

      assertThat(created.path("id").asText()).isEqualTo("251");
      assertThat(created.path("status").asText()).isEqualTo("on_hold");
      assertThat(created.at("/assignee_ids/0").asText()).isEqualTo("3");
      assertThat(created.path("due_at").asText()).isEqualTo("2026-12-31T00:00:00Z");
      assertThat(updated.path("status").asText()).isEqualTo("closed");
      assertThat(updated.path("title").asText()).isEqualTo("T");
      assertThat(updated.has("description")).isFalse();
      assertThat(updated.has("tags")).isFalse();
      assertThat(updated.has("assignee_ids")).isFalse();
      assertThat(updated.at("/collection_ids/0").asText()).isEqualTo("2");
    }
  }

  @Test
  void its_fixtures_fit_their_schema_and_its_mappings_give_what_they_say() throws Exception {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Path.of("src/main/resources/schemas/fixture.schema.json")));
    try (Stream<Path> files = Files.list(FOLDER.resolve("tests"))) {
      List<Path> fixtures = files.toList();
      assertThat(fixtures).hasSize(8);
      for (Path fixture : fixtures) {
        JsonNode tree = read(fixture);
        assertThat(schema.validate(tree)).as("%s", fixture).isEmpty();
        tree.path("cases").forEach(SampleProviderTest::assertMapped);
      }
    }
  }

  private static JsonNode read(Path file) throws IOException {
    return Json.parse(Files.readString(file));
  }

  /** For the cases of tickets, the route is nothing but its mappings. */
  private static void assertMapped(JsonNode oneCase) {
    JsonNode expected = oneCase.at("/records/Ticket");
    int at = 0;
    for (JsonNode call : oneCase.path("http")) {
      for (JsonNode ticket : call.at("/response/body/tickets")) {
        assertThat(mapped("ticket", ticket)).isEqualTo(expected.get(at++));
      }
    }
    if (oneCase.has("http") && !expected.isMissingNode()) { // a webhook brings its own
      assertThat(at).isEqualTo(expected.size());
    }
  }
}
