package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.app.ProviderRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the catalogue: the shipped providers keep them, and each is shown to bite. */
class CatalogueTest {
  private static final Path SHIPPED = Path.of("providers");

  private static final String PAGE =
      "{\"request\": {\"method\": \"GET\", \"path\": \"/tickets\"}, \"response\": {\"status\": 200}}";

  @TempDir Path folder;
  private Path desk;

  @BeforeEach
  void a_small_provider_that_keeps_every_rule() throws IOException {
    desk = folder.resolve("desk");
    write(
        "provider.yaml",
        """
        name: desk
        display_name: Desk
        auth: {type: none}
        base_url: https://desk.test
        streams:
          tickets:
            request: {path: /tickets}
            pagination: {type: page, into: {query: page}}
        """);
    write("README.md", "# Desk\n\n## Surprises\n");
    write(
        "syncs/tickets.camel.yaml",
        """
        - route:
            id: desk-sync-tickets
            description: All tickets
            group: desk
            from:
              uri: sync:desk/tickets
              parameters: {model: Ticket, every: 5m}
              steps:
                - to: {id: desk-sync-tickets-map, uri: "mapping:desk/ticket"}
                - to: {id: desk-sync-tickets-save, uri: "records:Ticket"}
        """);
    write("mappings/ticket.jslt", "{\"id\": string(.id), \"title\": .t}");
    write("tests/desk-sync-tickets.json", fixture(PAGE + "," + PAGE));
  }

  @Test
  void every_shipped_provider_keeps_every_rule() {
    assertThat(problems(SHIPPED)).isEmpty();
  }

  @Test
  void the_small_provider_keeps_every_rule() {
    assertThat(problems(desk)).isEmpty();
  }

  @Test
  void a_webhook_route_has_good_forged_stale_and_repeated_deliveries() throws IOException {
    write(
        "provider.yaml",
        Files.readString(desk.resolve("provider.yaml"))
            + "webhooks:\n  signature: {header: S}\n  timestamp: {header: T}\n");
    write(
        "webhooks/saved.camel.yaml",
        """
        - route:
            id: desk-webhook-saved
            description: Reads the tickets
            group: desk
            from:
              uri: webhook:desk/*
              steps:
                - to: {id: desk-webhook-saved-read, uri: "sync:desk/tickets"}
        """);
    assertThat(problems(desk).toString()).contains("record one: tests/desk-webhook-saved.json");

    String delivery =
        "{\"name\": \"n\", \"shows\": \"%s\", \"deliveries\": [{\"at\": \"2026-01-01T00:00:00Z\", \"headers\": {\"S\": \"%s\"}, \"body\": \"\"}]}";
    String proof = "0123456789abcdef".repeat(4); // no secret: it is made with one that is invented
    write(
        "tests/desk-webhook-saved.json",
        "{\"cases\": ["
            + delivery.formatted("good", proof)
            + ","
            + delivery.formatted("forged", proof)
            + "]}");
    assertThat(problems(desk).toString())
        .contains("no case shows a stale delivery", "no case shows a repeated delivery")
        .doesNotContain("forged", "looks like a secret");
  }

  @Test
  void every_platform_route_has_a_name_and_a_description_and_leads_somewhere() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
        String text = Files.readString(file);
        all.append(text);
        for (String block : text.split("(?m)^- route:\\n", -1)) {
          if (block.contains("from:")) {
            assertThat(block).as(file.toString()).contains("    id: ").contains("description: ");
          }
        }
      }
    }
    Matcher calls = Pattern.compile("(?:to|uri): \"?(direct:[a-z-]+)").matcher(all);
    while (calls.find()) {
      assertThat(all).as(calls.group(1)).containsPattern("from:\\s+uri: \"?" + calls.group(1));
    }
  }

  @Test
  void an_id_that_does_not_say_where_it_is() throws IOException {
    replace("syncs/tickets.camel.yaml", "id: desk-sync-tickets\n", "id: tickets\n");

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("tickets.camel.yaml:2") && p.contains("id: desk-sync-tickets"));
  }

  @Test
  void a_route_without_a_description() throws IOException {
    replace("syncs/tickets.camel.yaml", "    description: All tickets\n", "");

    assertThat(problems(desk)).anyMatch(p -> p.contains("needs a description"));
  }

  @Test
  void a_step_that_looks_like_success_when_it_fails() throws IOException {
    replace(
        "syncs/tickets.camel.yaml",
        "        - to: {id: desk-sync-tickets-map,",
        "        - wireTap: {uri: \"log:x\"}\n        - to: {id: desk-sync-tickets-map,");

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("tickets.camel.yaml:9") && p.contains("`wireTap` is not used"));
  }

  @Test
  void a_step_nested_in_a_split_is_seen_too() throws IOException {
    replace(
        "syncs/tickets.camel.yaml",
        "        - to: {id: desk-sync-tickets-map,",
        "        - split: {expression: {simple: {expression: x}}, steps: [{to: {id: x, uri: 'file:/tmp'}}]}\n"
            + "        - to: {id: desk-sync-tickets-map,");

    assertThat(problems(desk)).anyMatch(p -> p.contains("`file:` is not used in providers"));
  }

  @Test
  void a_mapping_that_is_missing_and_one_that_nobody_uses() throws IOException {
    Files.move(desk.resolve("mappings/ticket.jslt"), desk.resolve("mappings/tikket.jslt"));

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("write mappings/ticket.jslt"))
        .anyMatch(p -> p.contains("tikket.jslt") && p.contains("nothing uses this file"));
  }

  @Test
  void a_mapping_of_another_provider() throws IOException {
    replace("syncs/tickets.camel.yaml", "mapping:desk/ticket", "mapping:other/ticket");

    assertThat(problems(desk)).anyMatch(p -> p.contains("belongs to another provider"));
  }

  @Test
  void a_route_without_a_fixture_and_a_fixture_without_a_route() throws IOException {
    Files.move(
        desk.resolve("tests/desk-sync-tickets.json"), desk.resolve("tests/desk-sync-ticket.json"));

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("record one: tests/desk-sync-tickets.json"))
        .anyMatch(p -> p.contains("there is no route desk-sync-ticket"));
  }

  @Test
  void a_sync_fixture_without_a_page_boundary() throws IOException {
    write("tests/desk-sync-tickets.json", fixture(PAGE));

    assertThat(problems(desk)).anyMatch(p -> p.contains("no case has a page boundary"));
  }

  @Test
  void a_fixture_with_a_word_that_means_nothing() throws IOException {
    replace("tests/desk-sync-tickets.json", "\"records\"", "\"recrods\"");

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("desk-sync-tickets.json") && p.contains("recrods"));
  }

  @Test
  void a_mapping_that_does_not_compile_names_its_line() throws IOException {
    write("mappings/ticket.jslt", "{\n  \"id\": string(.id\n}");

    assertThat(problems(desk)).anyMatch(p -> p.contains("ticket.jslt:2"));
  }

  @Test
  void a_fixture_with_a_cookie_or_a_token() throws IOException {
    write(
        "tests/desk-sync-tickets.json",
        """
        {"cases": [{"name": "x", "http": [
          {"response": {"headers": {"Set-Cookie": "a=b"}, "body": {"t": "0a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1"}}}, {}]}]}
        """);

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("the header Set-Cookie is not kept"))
        .anyMatch(p -> p.contains("looks like a secret"));
  }

  @Test
  void a_file_that_is_no_yaml_names_its_line() throws IOException {
    write("syncs/tickets.camel.yaml", "- route:\n    id: [\n");

    assertThat(problems(desk))
        .anyMatch(p -> p.contains("tickets.camel.yaml:") && p.contains("not YAML"));
  }

  @Test
  void an_ignored_field_that_the_model_does_not_have_and_a_model_that_no_route_saves()
      throws IOException {
    String facts = Files.readString(desk.resolve("provider.yaml"));
    write(
        "provider.yaml",
        facts
            + "models:\n  Ticket:\n    ignore:\n      - custom_fields.last_viewed_at\n      - last_viewed_at\n"
            + "  Tikket: {ignore: [x]}\n");

    assertThat(problems(desk))
        .hasSize(2)
        .anyMatch(p ->
            p.contains("provider.yaml:13: models.Ticket.ignore.1: 'last_viewed_at' is not a field"))
        .anyMatch(p ->
            p.contains("provider.yaml:14: models.Tikket: no route saves the model Tikket")
                && p.contains("saved here: Ticket"));
  }

  @Test
  void an_ignored_field_of_an_own_model_is_held_against_its_schema() throws IOException {
    replace("syncs/tickets.camel.yaml", "records:Ticket", "records:Visit");
    write(
        "schemas/Visit.json",
        "{\"properties\": {\"id\": {}, \"at\": {\"properties\": {\"n\": {}}, \"additionalProperties\": false}},"
            + " \"additionalProperties\": false}");
    write(
        "provider.yaml",
        Files.readString(desk.resolve("provider.yaml"))
            + "models: {Visit: {ignore: [at.n, at.m, when]}}\n");

    assertThat(problems(desk))
        .hasSize(2)
        .anyMatch(p -> p.contains("'at.m' is not a field of Visit"))
        .anyMatch(p -> p.contains("'when' is not a field of Visit"));
  }

  private void life(String event, String from, String step) throws IOException {
    write(
        "connection/" + event + ".camel.yaml",
        """
        - route:
            id: desk-connection-%s
            description: Looks up the account's number before the first sync
            group: desk
            from:
              uri: %s
              steps:
                - to: {id: desk-connection-%s-look, uri: "%s"}
        """
            .formatted(event, from, event, step));
  }

  @Test
  void routes_of_a_connections_life_keep_every_rule() throws IOException {
    life("created", "connection:desk/created", "mapping:desk/ticket");
    life("deleting", "connection:desk/deleting", "mapping:desk/ticket");

    assertThat(problems(desk)).isEmpty();
  }

  @Test
  void a_route_of_another_providers_connections_or_of_another_event_than_its_file_says()
      throws IOException {
    life("created", "connection:elsewhere/created", "mapping:desk/ticket");
    life("deleting", "connection:desk/created", "mapping:desk/ticket");

    assertThat(problems(desk))
        .hasSize(2)
        .anyMatch(p ->
            p.contains("created.camel.yaml:5")
                && p.contains("begins with connection:elsewhere/created")
                && p.contains("uri: connection:desk/created"))
        .anyMatch(p ->
            p.contains("deleting.camel.yaml:5") && p.contains("uri: connection:desk/deleting"));
  }

  @Test
  void an_event_that_connections_do_not_have() throws IOException {
    life("updated", "connection:desk/updated", "mapping:desk/ticket");

    assertThat(problems(desk))
        .singleElement()
        .satisfies(p ->
            assertThat(p)
                .contains("updated.camel.yaml:5", "connection/created.camel.yaml or connection/"));
  }

  @Test
  void records_cannot_be_saved_where_no_sync_runs() throws IOException {
    life("created", "connection:desk/created", "records:Ticket");

    assertThat(problems(desk)).anyMatch(p -> p.contains("`records:` does not work in connection/"));
  }

  private static String fixture(String exchanges) {
    return "{\"cases\": [{\"name\": \"pages\", \"http\": [%s], \"records\": {}}]}"
        .formatted(exchanges);
  }

  private List<String> problems(Path path) {
    return ProviderRules.all().check(path).stream().map(ProviderProblem::text).toList();
  }

  private void write(String file, String text) throws IOException {
    Path path = desk.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void replace(String file, String old, String with) throws IOException {
    String text = Files.readString(desk.resolve(file));
    assertThat(text).contains(old);
    write(file, text.replace(old, with));
  }
}
