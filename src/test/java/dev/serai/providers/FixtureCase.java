package dev.serai.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.action.ActionOutcome;
import dev.serai.connection.Connection;
import dev.serai.connection.Rendering;
import dev.serai.provider.Provider;
import dev.serai.support.FakeProvider;
import java.net.URI;
import java.util.Comparator;

/** One case of a fixture, run and compared. */
final class FixtureCase {
  private final ProviderBench bench;
  private final Provider provider;
  private final String route;
  private final JsonNode one;
  private final Connection connection;
  private final Conversation conversation;

  /**
   * @param server where the bench's door leads
   */
  FixtureCase(
      ProviderBench bench, FakeProvider server, Provider provider, String route, JsonNode one) {
    this.bench = bench;
    this.provider = provider;
    this.route = route;
    this.one = one;
    ObjectNode config =
        one.path("connection").deepCopy() instanceof ObjectNode o ? o : Json.object();
    connection = bench.connect(provider.name(), config);
    String base = URI.create(Rendering.baseUrl(provider, config)).getRawPath();
    conversation = new Conversation(one.path("http"), base, provider.auth());
    server.answering(conversation::answer);
  }

  void hold() {
    String sync = provider.name() + "-sync-";
    if (route.startsWith(sync)) {
      sync(route.substring(sync.length()));
    } else {
      action(route.substring((provider.name() + "-action-").length()));
    }
  }

  private void sync(String name) {
    ProviderBench.Sync sync = bench.sync(connection, name);
    if (one.has("checkpoint_before") || one.has("records_before") || one.has("full")) {
      bench.before(connection, sync, one.path("records_before"), one.path("checkpoint_before"));
    }

    bench.run(sync, one.path("full").asBoolean());

    JsonNode run =
        bench.json(
            "select row_to_json(r)::text from sync_run r where sync = ? order by id desc limit 1",
            sync.id());
    assertThat(conversation.differences()).as("the conversation").isEmpty();
    assertThat(run.path("error_code").asText("none: success"))
        .as("error: %s", run.path("error_message").asText())
        .isEqualTo(one.path("error").asText("none: success"));
    if (one.has("error_class")) {
      assertThat(run.path("error_class")).isEqualTo(one.path("error_class"));
    }
    assertThat(Plain.record(deleted())).as("deleted").isEqualTo(Plain.record(orNone("deleted")));
    assertThat(Plain.record(quarantined()))
        .as("quarantined, because of %s", reasons())
        .isEqualTo(Plain.record(orNone("quarantined")));
    assertThat(Plain.record(live())).as("live records").isEqualTo(Plain.record(sorted()));
    if (one.has("checkpoint")) {
      JsonNode checkpoint = bench.json("select checkpoint::text from sync where id = ?", sync.id());
      assertThat(Plain.text(checkpoint)).isEqualTo(Plain.text(one.path("checkpoint")));
    }
  }

  private JsonNode orNone(String field) {
    return one.has(field) ? one.path(field) : Json.object();
  }

  private JsonNode live() {
    return byModel(
        """
        select c.model, jsonb_agg(r.data order by r.external_id) as value
        from record r join collection c on c.id = r.collection
        where c.connection = ? and r.deleted_at is null group by c.model
        """);
  }

  private JsonNode deleted() {
    return byModel(
        """
        select c.model, jsonb_agg(r.external_id order by r.external_id) as value
        from record r join collection c on c.id = r.collection
        where c.connection = ? and r.deleted_at is not null group by c.model
        """);
  }

  private JsonNode quarantined() {
    return byModel(
        """
        select c.model, jsonb_agg(q.external_id order by q.external_id) as value
        from quarantine q join collection c on c.id = q.collection
        where c.connection = ? group by c.model
        """);
  }

  private JsonNode reasons() {
    return byModel(
        """
        select c.model, jsonb_agg(q.reason) as value
        from quarantine q join collection c on c.id = q.collection
        where c.connection = ? group by c.model
        """);
  }

  private JsonNode byModel(String query) {
    return bench.json(
        "select coalesce(jsonb_object_agg(model, value), '{}')::text from (" + query + ") m",
        connection.id());
  }

  private JsonNode sorted() {
    ObjectNode sorted = Json.object();
    one.path("records")
        .properties()
        .forEach(model -> {
          var list = sorted.putArray(model.getKey());
          model
              .getValue()
              .valueStream()
              .sorted(Comparator.comparing(r -> r.path("id").asText()))
              .forEach(list::add);
        });
    return sorted;
  }

  private void action(String name) {
    ActionOutcome outcome = bench.act(connection, name, one.path("input"));

    assertThat(conversation.differences()).as("the conversation").isEmpty();
    if (one.has("output")) {
      assertThat(outcome).isInstanceOf(ActionOutcome.Done.class);
      JsonNode output = ((ActionOutcome.Done) outcome).output();
      assertThat(Plain.record(output)).isEqualTo(Plain.record(one.path("output")));
    } else {
      assertThat(Plain.text(refusal(outcome))).isEqualTo(Plain.text(one.path("refusal")));
    }
  }

  private JsonNode refusal(ActionOutcome outcome) {
    ObjectNode refusal = Json.object().put("code", outcome.code());
    switch (outcome) {
      case ActionOutcome.Refused refused ->
          refusal.put("upstream_status", refused.answer().status());
      case ActionOutcome.RateLimited limited ->
          refusal.put("upstream_status", limited.answer().status());
      case ActionOutcome.InvalidInput input ->
          refusal.put("field", input.faults().getFirst().field());
      case ActionOutcome.InvalidOutput output ->
          refusal.put("field", output.faults().getFirst().field());
      case ActionOutcome.Broken broken -> throw new AssertionError("broken", broken.cause());
      default -> {}
    }
    return refusal;
  }
}
