package dev.serai.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import dev.serai.http.OutgoingHttp;
import dev.serai.provider.Provider;
import dev.serai.support.TestDatabase;

/** One case of a webhook's fixture, sent and compared. */
final class WebhookCase {
  private final TestDatabase postgres;
  private final OutgoingHttp door;
  private final Provider provider;
  private final JsonNode one;

  WebhookCase(TestDatabase postgres, OutgoingHttp door, Provider provider, JsonNode one) {
    this.postgres = postgres;
    this.door = door;
    this.provider = provider;
    this.one = one;
  }

  void hold() throws Exception {
    try (WebhookBench bench = new WebhookBench(postgres, door, provider)) {
      long connection = bench.connect(one);
      for (JsonNode delivery : one.path("deliveries")) {
        assertThat(bench.send(delivery))
            .as("the answer to %s", delivery)
            .isEqualTo(delivery.path("answer").asInt(200));
        bench.settle();
      }

      assertThat(bench.failures()).as("what failed").isEmpty();
      assertThat(Plain.record(records(bench, connection, "r.data", "r.deleted_at is null")))
          .as("live records")
          .isEqualTo(Plain.record(orEmpty("records", Json.object())));
      assertThat(
              Plain.record(records(bench, connection, "r.external_id", "r.deleted_at is not null")))
          .as("deleted")
          .isEqualTo(Plain.record(orEmpty("deleted", Json.object())));
      ArrayNode syncs = Json.array();
      bench.syncs().forEach(syncs::add);
      assertThat(syncs).as("syncs made due").isEqualTo(orEmpty("syncs", Json.array()));
      ArrayNode forwarded = Json.array();
      bench.forwarded().forEach(forwarded::add);
      assertThat(Plain.text(forwarded))
          .as("forwarded")
          .isEqualTo(Plain.text(orEmpty("forwarded", Json.array())));
    }
  }

  private JsonNode orEmpty(String field, JsonNode empty) {
    return one.has(field) ? one.path(field) : empty;
  }

  private static JsonNode records(WebhookBench bench, long connection, String what, String which) {
    return bench.json(
        """
        select coalesce(jsonb_object_agg(model, value), '{}')::text from (
          select c.model, jsonb_agg(%s order by r.external_id) as value
          from record r join collection c on c.id = r.collection
          where c.connection = %d and %s group by c.model) m
        """
            .formatted(what, connection, which));
  }
}
