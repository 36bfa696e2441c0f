package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the backend is sent of a delivery that holds several events. */
class ForwardingTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private InboxWorld world;

  @AfterEach
  void close() {
    world.close();
  }

  private Map<String, String> forwarded(String each, String body) throws Exception {
    world =
        new InboxWorld(
            postgres,
            postgres.database(),
            false,
            0,
            Duration.ofSeconds(60),
            InboxWorld.yaml()
                .replace(
                    "match: {path: .team.id,", "each: '" + each + "'\n  match: {path: .team,"));
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.connection("two", "{\"team_id\": \"T2\"}");
    world.route("*", "", (connection, page) -> Optional.empty());
    assertThat(world.receive("d", body).status()).isEqualTo(200);
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);
    Map<String, String> bodies = new TreeMap<>();
    for (String text : world.column("select body from message where type = 'forward'")) {
      JsonNode message = Json.parse(text);
      boolean matched = message.path("type").asText().equals("forward");
      bodies.put(
          matched ? message.path("connectionId").asText() : "nobody",
          matched ? Json.write(message.path("payload")) : text);
    }
    return bodies;
  }

  @Test
  void a_connection_whose_all_events_are_is_sent_the_body_as_the_provider_wrote_it()
      throws Exception {
    String body = "{\"id\":7,\"inner\":{\"events\":[{\"team\":\"T1\"},{\"team\":\"T1\"}]}}";

    assertThat(forwarded(".inner.events", body)).isEqualTo(Map.of("one", body));
  }

  @Test
  void of_a_mixed_delivery_each_is_sent_its_own_and_the_backend_what_is_nobodys() throws Exception {
    String body =
        "{\"id\":7,\"inner\":{\"events\":[{\"n\":0,\"team\":\"T1\"},{\"n\":1,\"team\":\"T2\"},{\"n\":2,\"team\":\"T1\"},{\"n\":3,\"team\":\"T3\"}],\"more\":[1]}}";

    assertThat(forwarded(".inner.events", body))
        .isEqualTo(
            Map.of(
                "one",
                "{\"id\":7,\"inner\":{\"events\":[{\"n\":0,\"team\":\"T1\"},{\"n\":2,\"team\":\"T1\"}],\"more\":[1]}}",
                "two",
                "{\"id\":7,\"inner\":{\"events\":[{\"n\":1,\"team\":\"T2\"}],\"more\":[1]}}",
                "nobody",
                "{\"id\":7,\"inner\":{\"events\":[{\"n\":3,\"team\":\"T3\"}],\"more\":[1]}}"));
  }

  @Test
  void a_body_that_is_the_list_itself_is_cut_and_one_that_holds_no_list_shows_the_events()
      throws Exception {
    assertThat(forwarded(".", "[{\"team\":\"T1\"},{\"team\":\"T2\"}]"))
        .isEqualTo(Map.of("one", "[{\"team\":\"T1\"}]", "two", "[{\"team\":\"T2\"}]"));
  }

  @Test
  void of_a_list_that_was_made_the_events_are_sent_and_of_an_empty_one_the_body_as_nobodys()
      throws Exception {
    assertThat(forwarded("[for (.a) {\"team\": .}]", "{\"a\":[\"T1\",\"T2\"]}"))
        .isEqualTo(Map.of("one", "[{\"team\":\"T1\"}]", "two", "[{\"team\":\"T2\"}]"));
    world.execute("delete from message; delete from webhook_arrival; delete from connection");
    world.close();
    assertThat(forwarded(".events", "{\"events\":[]}"))
        .isEqualTo(Map.of("nobody", "{\"events\":[]}"));
  }
}
