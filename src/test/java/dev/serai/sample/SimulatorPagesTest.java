package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorPagesTest {
  private Simulator simulator;
  private HelpdeskCalls calls;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(Simulator.Options.TESTS.withTickets(250));
    calls = new HelpdeskCalls(simulator.uri());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void assertWhole(List<String> ids) {
    List<String> truth = new ArrayList<>();
    simulator.control().truth().fieldNames().forEachRemaining(truth::add);
    assertThat(ids).hasSize(250).containsExactlyInAnyOrderElementsOf(truth);
  }

  @Test
  void the_cursor_list_shows_every_ticket_once_in_order_of_change() throws Exception {
    List<String> ids = new ArrayList<>();
    List<String> times = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = calls.json("/v1/tickets?limit=30&cursor=" + cursor);
      ids.addAll(HelpdeskCalls.ids(page.path("tickets")));
      page.path("tickets").forEach(ticket -> times.add(ticket.path("updated_at").asText()));
      cursor = page.path("next_cursor").asText("");
      assertThat(page.path("has_more").asBoolean()).isEqualTo(!cursor.isEmpty());
    } while (!cursor.isEmpty());

    assertWhole(ids);
    assertThat(times).isSorted();
  }

  @Test
  void the_offset_list_has_a_total() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int offset = 0; offset < 250; offset += 100) {
      JsonNode page = calls.json("/v1/tickets/by-offset?limit=100&offset=" + offset);
      ids.addAll(HelpdeskCalls.ids(page.path("tickets")));
      assertThat(page.path("total").asInt()).isEqualTo(250);
    }

    assertWhole(ids);
  }

  @Test
  void the_page_list_works_by_get_and_by_post() throws Exception {
    List<String> got = new ArrayList<>();
    List<String> posted = new ArrayList<>();
    for (int page = 1; page <= 3; page++) {
      String parameters = "{\"page\": " + page + ", \"per_page\": 100}";
      JsonNode bySearch = calls.post("/v1/tickets/search", parameters);
      posted.addAll(HelpdeskCalls.ids(bySearch.path("tickets")));
      JsonNode byGet = calls.json("/v1/tickets/by-page?per_page=100&page=" + page);
      got.addAll(HelpdeskCalls.ids(byGet.path("tickets")));
      assertThat(byGet.path("total_pages").asInt()).isEqualTo(3);
    }

    assertWhole(got);
    assertThat(posted).isEqualTo(got);
  }

  @Test
  void the_link_header_leads_through_bare_arrays() throws Exception {
    List<String> ids = new ArrayList<>();
    String next = "/v1/tickets/by-link?limit=100";
    while (next != null) {
      HttpResponse<byte[]> answer = calls.get(next);
      ids.addAll(HelpdeskCalls.ids(Json.parse(answer.body())));
      Matcher link =
          Pattern.compile("<([^>]+)>; rel=\"next\"")
              .matcher(answer.headers().firstValue("Link").orElse(""));
      next = link.find() ? link.group(1) : null;
    }

    assertWhole(ids);
  }

  @Test
  void the_next_address_in_the_body_keeps_the_filter() throws Exception {
    List<String> ids = new ArrayList<>();
    String next = "/v1/tickets/by-next-url?limit=7&state=solved";
    while (next != null) {
      JsonNode page = calls.json(next);
      ids.addAll(HelpdeskCalls.ids(page.path("tickets")));
      assertThat(page.path("tickets").findValuesAsText("state")).containsOnly("solved");
      next = page.at("/links/next").textValue();
    }

    List<String> solved =
        HelpdeskCalls.ids(calls.json("/v1/tickets/all?state=solved").path("tickets"));
    assertThat(ids).isEqualTo(solved).hasSizeGreaterThan(7);
  }

  @Test
  void the_keyset_list_goes_on_behind_the_last_id() throws Exception {
    List<String> ids = new ArrayList<>();
    String after = "0";
    JsonNode tickets;
    do {
      tickets = calls.json("/v1/tickets/by-keyset?limit=60&after_id=" + after).path("tickets");
      ids.addAll(HelpdeskCalls.ids(tickets));
      after = ids.getLast();
    } while (!tickets.isEmpty());

    assertWhole(ids);
  }

  @Test
  void graphql_pages_by_end_cursor_and_puts_errors_into_a_200() throws Exception {
    List<String> ids = new ArrayList<>();
    JsonNode pageInfo = Json.object();
    do {
      String after = pageInfo.path("endCursor").asText("");
      JsonNode answer =
          calls.post(
              "/graphql",
              "{\"query\": \"{ tickets { nodes { id } } }\", \"variables\": {\"first\": 90, \"after\": \""
                  + after
                  + "\"}}");
      ids.addAll(HelpdeskCalls.ids(answer.at("/data/tickets/nodes")));
      pageInfo = answer.at("/data/tickets/pageInfo");
    } while (pageInfo.path("hasNextPage").asBoolean());
    JsonNode refused = calls.post("/graphql", "{\"query\": \"{ nothing }\"}");

    assertWhole(ids);
    assertThat(refused.path("errors")).hasSize(1);
  }

  @Test
  void updated_since_includes_its_own_moment() throws Exception {
    JsonNode all = calls.json("/v1/tickets/all").path("tickets");
    String since = all.get(200).path("updated_at").asText();

    JsonNode later = calls.json("/v1/tickets/all?updated_since=" + since).path("tickets");

    assertThat(HelpdeskCalls.ids(later)).contains(all.get(200).path("id").asText());
    assertThat(later.findValuesAsText("updated_at")).allMatch(time -> time.compareTo(since) >= 0);
    assertThat(later.size()).isBetween(1, 60);
  }

  @Test
  void a_changed_ticket_moves_to_the_end_of_the_cursor_list() throws Exception {
    JsonNode first = calls.json("/v1/tickets?limit=100");
    String moved = first.path("tickets").get(5).path("id").asText();

    simulator.control().edit(List.of(moved), Json.object().put("priority", 4));

    String cursor = first.path("next_cursor").asText();
    JsonNode rest = calls.json("/v1/tickets?limit=1000&cursor=" + cursor).path("tickets");
    assertThat(HelpdeskCalls.ids(rest)).hasSize(151).endsWith(moved);
  }

  @Test
  void the_same_seed_gives_the_same_tickets() throws Exception {
    try (Simulator twin = Simulator.start(Simulator.Options.TESTS.withTickets(250));
        Simulator other = Simulator.start(Simulator.Options.TESTS.withSeed(7))) {
      assertThat(twin.control().truth()).isEqualTo(simulator.control().truth());
      assertThat(other.control().truth()).isNotEqualTo(simulator.control().truth());
    }
  }
}
