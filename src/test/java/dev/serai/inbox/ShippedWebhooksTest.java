package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.Exchange;
import java.util.ArrayList;
import dev.serai.Json;
import dev.serai.connection.AppVault;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.IntegrationStore;
import dev.serai.database.Database;
import dev.serai.http.Headers;
import dev.serai.inbox.camel.WebhookComponent;
import dev.serai.mapping.Mappings;
import dev.serai.mapping.camel.MappingComponent;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.provider.Catalogue;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.record.camel.RecordsComponent;
import dev.serai.stream.ProviderStreams;
import dev.serai.support.TestDatabase;
import dev.serai.sync.SyncRegistry;
import dev.serai.sync.camel.SyncComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The webhook routes and declarations of the shipped providers, from the door to the record. */
class ShippedWebhooksTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<String> triggered = new CopyOnWriteArrayList<>();
  private InboxEngine engine;
  private Reception reception;
  private String environment;

  @BeforeEach
  void start() throws Exception {
    Database database = postgres.database();
    postgres.environment();
    execute(
        "insert into integration (environment, unique_key, provider) values (1, 'sample', 'sample'), (1, 'redmine', 'redmine')");
    database.useTransaction(handle ->
        handle.execute(
            "update integration set webhook_secret = ? where id = 1",
            InboxWorld.VAULT.seal("webhook_secret", "1", "sample-secret")));
    execute(
        """
        insert into connection (environment, integration, connection_id, tenant, account, connection_config) values
          (1, 1, 'anna', 'a', 'alice', '{}'), (1, 1, 'berta', 'b', 'bob', '{}'),
          (1, 2, 'rm', 'r', null, '{}')
        """);
    database.useTransaction(handle ->
        handle.execute(
            "insert into credential (connection, type, sealed) values (3, 'API_KEY', ?)",
            InboxWorld.VAULT.seal(
                "credential",
                "3",
                "{\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"},\"secret_config\":{\"webhook_secret\":\"hushhush-redmine\"}}")));
    environment =
        database.read(
            h -> h.createQuery("select uuid::text from environment").mapTo(String.class).one());
    Catalogue catalogue = Catalogue.load(List.of(Path.of("providers")));
    assertThat(catalogue.problems()).isEmpty();
    Models models = Models.unifiedOnly();
    RecordWriter writer = new RecordWriter(database, models, ModelPolicies.NONE, Sealing.OFF);
    ConnectionStore connections = new ConnectionStore(database);
    InboxStore inbox = new InboxStore(database, connections);
    Contents contents = new Contents(InboxWorld.VAULT, false);
    WebhookRoutes routes = new WebhookRoutes();
    engine =
        new InboxEngine(
            new InboxWiring(
                database,
                "node-1",
                inbox,
                routes,
                catalogue::find,
                connections::find,
                writer,
                contents,
                new PostgresOutbox(new Deliveries(database, Backoff.overThreeDays(new Random(1)))),
                new BacklogStore(database),
                4,
                Duration.ofSeconds(60)));
    Addresses addresses = new Addresses(database, InboxWorld.VAULT, of -> "http://here");
    reception =
        new Reception(
            new Reception.Rooms(
                inbox,
                new IntegrationStore(database),
                catalogue::find,
                new Secrets(
                    new AppVault(database, InboxWorld.VAULT),
                    new CredentialVault(database, InboxWorld.VAULT)::open),
                InboxWorld.NO_KEYS,
                new AppVault(database, InboxWorld.VAULT),
                addresses,
                contents,
                () -> NOW),
            0,
            engine::tick);
    context.addComponent(
        "webhook",
        new WebhookComponent(
            new WebhookComponent.Needs(reception, engine, routes, addresses, "http://here")));
    context.addComponent("records", new RecordsComponent(writer, models, Map.of()));
    context.addComponent("mapping", new MappingComponent(new Mappings(() -> catalogue)));
    context.addComponent(
        "sync",
        new SyncComponent(
            new SyncRegistry(),
            new ProviderStreams(
                (connection, call) -> {
                  throw new IllegalStateException("nothing is read here");
                },
                () -> catalogue,
                InstantSource.system()),
            () -> {
              throw new IllegalStateException("no tick here");
            },
            (all, names, mode) -> {
              triggered.add(
                  all.getFirst().connectionId() + " " + names.getFirst().name() + " " + mode);
              return 1;
            }));
    context.start();
    for (String provider : List.of("sample", "redmine")) {
      try (Stream<Path> files = Files.list(Path.of("providers", provider, "webhooks"))) {
        for (Path file : files.sorted().toList()) {
          PluginHelper.getRoutesLoader(context)
              .loadRoutes(
                  ResourceHelper.resolveMandatoryResource(
                      context, "file:" + file.toAbsolutePath()));
        }
      }
    }
    engine.open(Set.of("sample", "redmine"), Set.of());
  }

  @AfterEach
  void stop() {
    context.stop();
    engine.close();
  }

  @Test
  void a_step_makes_an_address_of_its_own_for_the_connection() {
    Connection anna = new ConnectionStore(postgres.database()).find(1).orElseThrow();
    List<JsonNode> told = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Exchange exchange =
          context
              .createProducerTemplate()
              .send(
                  "webhook:address",
                  sent -> {
                    sent.setProperty(ConnectionExchange.CONNECTION, anna);
                    sent.getMessage().setBody(Json.object().put("resource", "r"));
                  });
      told.add((JsonNode) exchange.getMessage().getBody());
    }

    assertThat(told.getFirst().path("resource").asText()).isEqualTo("r");
    assertThat(told.getFirst().path("webhook_url").asText())
        .matches("http://here\\?address=[A-Za-z0-9_-]{32}")
        .isNotEqualTo(told.getLast().path("webhook_url").asText());
    assertThat(column("select connection::text from webhook_address where secret is null"))
        .containsExactly("1", "1");
  }

  private static void execute(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }

  private static List<String> column(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(String.class).list());
  }

  private int sample(String delivery, String event, String state, String secret, Instant at) {
    String body =
        Json.write(
            Json.object()
                .put("event", event)
                .put("delivered_at", "2026-01-01T00:00:00Z")
                .set("account", Json.object().put("id", "alice")));
    body =
        body.substring(0, body.length() - 1)
            + ",\"ticket\":{\"id\":7,\"subject\":\"Printer\",\"state\":\"%s\",\"priority\":1,\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\"}}"
                .formatted(state);
    String t = Long.toString(at.getEpochSecond());
    Headers headers =
        Headers.NONE
            .with("Content-Type", "application/json")
            .with("X-Sample-Event", event)
            .with("X-Sample-Delivery", delivery)
            .with(
                "X-Sample-Signature", "t=" + t + ",v1=" + InboxWorld.hmac(secret, t + "." + body));
    return reception
        .receive(
            environment,
            "sample",
            new Arrival("POST", "http://here/", headers, body.getBytes(StandardCharsets.UTF_8)))
        .status();
  }

  private static void settle() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            column(
                    "select 'a' from webhook_arrival where state = 'arrived' union all select 't' from webhook_task where state = 'pending'")
                .isEmpty());
  }

  @Test
  void a_ticket_of_the_sample_is_saved_changed_and_deleted_for_the_account_it_belongs_to() {
    assertThat(sample("d1", "ticket.created", "new", "sample-secret", NOW)).isEqualTo(200);
    settle();
    assertThat(sample("d2", "ticket.updated", "solved", "sample-secret", NOW)).isEqualTo(200);
    settle();

    assertThat(
            column(
                """
                select c.connection || ' ' || r.external_id || ' ' || (r.data->>'status') || ' ' || r.stream
                from record r join collection c on c.id = r.collection where r.deleted_at is null
                """))
        .containsExactly("1 7 closed tickets");
    assertThat(sample("d3", "ticket.deleted", "solved", "sample-secret", NOW)).isEqualTo(200);
    settle();
    assertThat(column("select external_id from record where deleted_at is not null"))
        .containsExactly("7");
  }

  @Test
  void forged_stale_and_replayed_ones_of_the_sample_do_nothing() {
    assertThat(sample("d1", "ticket.created", "new", "another", NOW)).isEqualTo(401);
    assertThat(sample("d1", "ticket.created", "new", "sample-secret", NOW.minusSeconds(301)))
        .isEqualTo(401);
    assertThat(sample("d1", "ticket.created", "new", "sample-secret", NOW)).isEqualTo(200);
    assertThat(sample("d1", "ticket.created", "new", "sample-secret", NOW)).isEqualTo(200);
    settle();

    assertThat(column("select id::text from webhook_task")).hasSize(1);
  }

  private int redmine(String who, String secret, String timestamp) {
    String body =
        "{\"type\":\"issue.updated\",\"timestamp\":\"%s\",\"data\":{\"issue\":{\"id\":3}}}"
            .formatted(timestamp);
    return reception
        .receive(
            environment,
            "redmine",
            new Arrival(
                "POST",
                "http://here/webhook/x/redmine?connection_id=" + who,
                Headers.NONE
                    .with("Content-Type", "application/json")
                    .with("X-Redmine-Signature-256", "sha256=" + InboxWorld.hmac(secret, body)),
                body.getBytes(StandardCharsets.UTF_8)))
        .status();
  }

  @Test
  void a_redmine_that_proves_itself_makes_its_issues_be_read_at_once() {
    assertThat(redmine("rm", "hushhush-redmine", "2026-01-01T00:00:00Z")).isEqualTo(200);
    assertThat(redmine("rm", "hushhush-redmine", "2026-01-01T00:00:00Z"))
        .as("replayed")
        .isEqualTo(200);
    await().atMost(Duration.ofSeconds(20)).until(() -> !triggered.isEmpty());

    assertThat(triggered).containsExactly("rm issues INCREMENTAL");
    assertThat(redmine("rm", "forged", "2026-01-01T00:00:00Z")).isEqualTo(401);
    assertThat(redmine("rm", "hushhush-redmine", "2025-12-31T23:40:00Z"))
        .as("stale")
        .isEqualTo(401);
    assertThat(redmine("nobody", "hushhush-redmine", "2026-01-01T00:00:00Z")).isEqualTo(401);
    assertThat(column("select id::text from webhook_arrival")).hasSize(1);
  }
}
