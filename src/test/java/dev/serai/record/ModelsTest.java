package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
  private final Models models = Models.unifiedOnly();

  @ParameterizedTest
  @CsvSource({
    "ticket,Ticket",
    "TICKET,Ticket",
    "comment,Comment",
    "User,User",
    "project,Project",
    "ticketcreate,TicketCreate",
    "TicketUpdate,TicketUpdate",
    "commentCreate,CommentCreate",
    "Redmine_Raw,Redmine_Raw"
  })
  void names_are_matched_without_regard_to_case(String given, String name) {
    assertThat(models.canonical(null, given)).isEqualTo(name);
  }

  @Test
  void a_model_nobody_knows_takes_everything() {
    ModelCheck raw = models.check("redmine", "RawThing");

    assertThat(raw.checked()).isFalse();
    assertThat(raw.faults(Json.parse("{\"anything\":[1]}"))).isEmpty();
  }

  @Test
  void a_full_ticket_passes() {
    JsonNode ticket =
        Json.parse(
            """
            {"id":"1","title":"Printer","description":null,"description_format":"textile","status":"open",
             "priority":"urgent","assignee_ids":["7"],"tags":[],"due_at":"2026-01-02T03:04:05.678Z",
             "updated_at":"2026-01-02T03:04:05+02:00","custom_fields":{"1":{"x":[1,2]}},"raw":{"a":1}}\
            """);

    assertThat(models.check(null, "ticket").faults(ticket)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"1\"}|title: is required (required)",
        "{\"id\":\"1\",\"title\":5}|title: must be string (type)",
        "{\"id\":\"1\",\"title\":\"a\",\"status\":\"secret\"}|status: must be one of open, in_progress, pending, on_hold, closed, null (enum)",
        "{\"id\":\"1\",\"title\":\"a\",\"due_at\":\"tomorrow\"}|due_at: must be a date-time (format)",
        "{\"id\":\"1\",\"title\":\"a\",\"subject\":\"b\"}|subject: is not a field of Ticket (additionalProperties)",
        "{\"id\":\"1\",\"title\":\"a\",\"assignee_ids\":[7]}|assignee_ids[0]: must be string (type)",
        "{\"id\":\"\",\"title\":\"a\"}|id: must not be shorter than 1 characters (minLength)",
        "[]|record: must be object (type)"
      })
  void a_fault_names_field_and_rule_but_no_value(String record, String fault) {
    List<ModelCheck.Fault> faults = models.check(null, "Ticket").faults(Json.parse(record));

    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst()).hasToString(fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ticket",
        "Comment",
        "User",
        "Project",
        "TicketCreate",
        "TicketUpdate",
        "CommentCreate"
      })
  void every_field_of_every_model_is_described(String model) {
    Map<String, String> files = SchemaFiles.unified();

    JsonNode schema = Json.parse(files.get(model));

    assertThat(schema.get("title").textValue()).isEqualTo(model);
    assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
    schema
        .get("properties")
        .properties()
        .forEach(field ->
            assertThat(field.getValue().path("description").asText())
                .as(model + "." + field.getKey())
                .endsWith("."));
  }

  @Test
  void a_write_model_refuses_what_it_does_not_know() {
    ModelCheck create = models.check("redmine", "TicketCreate");

    assertThat(create.faults(Json.parse("{\"title\":\"a\",\"collection_ids\":[\"1\"]}"))).isEmpty();
    assertThat(create.faults(Json.parse("{\"project\":1}")))
        .extracting(ModelCheck.Fault::field)
        .containsExactlyInAnyOrder("title", "project");
    assertThat(models.check(null, "TicketUpdate").faults(Json.parse("{\"id\":\"1\"}")))
        .extracting(ModelCheck.Fault::toString)
        .containsExactly("record: must have at least 2 fields (minProperties)");
  }

  @Test
  void a_provider_brings_its_own_models(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("Sprint.json"), "{\"type\":\"object\",\"required\":[\"goal\"]}");
    Models own = new Models(provider -> provider.equals("jira") ? folder : null);

    assertThat(own.check("jira", "sprint").model()).isEqualTo("Sprint");
    assertThat(own.check("jira", "sprint").faults(Json.parse("{}"))).hasSize(1);
    assertThat(own.check("github", "sprint").checked()).isFalse();

    Files.writeString(folder.resolve("Sprint.json"), "{\"type\":\"object\"}");
    own.forget("jira");

    assertThat(own.check("jira", "sprint").faults(Json.parse("{}"))).isEmpty();
  }

  @Test
  void a_broken_schema_is_named(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("Sprint.json"), "{\"type\":");

    assertThatThrownBy(() -> new Models(provider -> folder).check("jira", "Sprint"))
        .isInstanceOf(BrokenModel.class)
        .hasMessageStartingWith("Model Sprint is not a JSON Schema 2020-12: not JSON");
  }
}
