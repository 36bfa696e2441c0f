package dev.serai.providers;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.AppVault;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.IntegrationStore;
import dev.serai.database.Database;
import dev.serai.http.Headers;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingUri;
import dev.serai.inbox.Addresses;
import dev.serai.inbox.Arrival;
import dev.serai.inbox.BacklogStore;
import dev.serai.inbox.Contents;
import dev.serai.inbox.InboxEngine;
import dev.serai.inbox.InboxStore;
import dev.serai.inbox.InboxWiring;
import dev.serai.inbox.KeySets;
import dev.serai.inbox.Reception;
import dev.serai.inbox.Secrets;
import dev.serai.inbox.WebhookRoutes;
import dev.serai.inbox.camel.WebhookComponent;
import dev.serai.mapping.Mappings;
import dev.serai.mapping.camel.MappingComponent;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.record.camel.RecordsComponent;
import dev.serai.stream.ProviderStreams;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.sync.SyncRegistry;
import dev.serai.sync.camel.SyncComponent;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Everything between the door for a provider's webhooks and PostgreSQL as the program has it. For
 * one connection and one case.
 */
final class WebhookBench implements AutoCloseable {
  private static final Vault VAULT = new Vault(MasterKey.parse(Marked.MASTER_KEY));
  private static final String ADDRESS = "https://serai.test/webhook/e/i";

  private final Database database;
  private final Provider provider;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<String> syncs = new CopyOnWriteArrayList<>();
  private final InboxEngine engine;
  private final Reception reception;
  private final String environment;
  private final long integration;
  private volatile Instant now = Instant.EPOCH;

  /**
   * @param door where keys would be fetched
   */
  WebhookBench(TestDatabase postgres, OutgoingHttp door, Provider provider) throws Exception {
    this.database = postgres.database();
    this.provider = provider;
    database.useTransaction(handle -> {
      handle.execute("update environment set primary_url = 'https://backend.test/hook'");
      handle.execute("delete from webhook_arrival");
      handle.execute("delete from message");
    });
    environment = text("select uuid::text from environment");
    integration =
        Long.parseLong(
            text(
                "insert into integration (environment, unique_key, provider) select id, gen_random_uuid()::text, '%s' from environment returning id::text"
                    .formatted(provider.name())));
    Catalogue catalogue = Catalogue.load(List.of(provider.folder().getParent()));
    Models models = Models.unifiedOnly();
    RecordWriter writer = new RecordWriter(database, models, ModelPolicies.NONE, Sealing.OFF);
    ConnectionStore connections = new ConnectionStore(database);
    InboxStore inbox = new InboxStore(database, connections);
    Contents contents = new Contents(VAULT, false);
    WebhookRoutes routes = new WebhookRoutes();
    AppVault apps = new AppVault(database, VAULT);
    Addresses addresses = new Addresses(database, VAULT, of -> ADDRESS);
    engine =
        new InboxEngine(
            new InboxWiring(
                database,
                "bench",
                inbox,
                routes,
                catalogue::find,
                connections::find,
                writer,
                contents,
                new PostgresOutbox(new Deliveries(database, Backoff.overThreeDays(new Random(1)))),
                new BacklogStore(database),
                1,
                Duration.ofSeconds(60)));
    reception =
        new Reception(
            new Reception.Rooms(
                inbox,
                new IntegrationStore(database),
                catalogue::find,
                new Secrets(apps, new CredentialVault(database, VAULT)::open),
                new KeySets(door),
                apps,
                addresses,
                contents,
                () -> now),
            0,
            engine::tick);
    context.addComponent(
        "webhook",
        new WebhookComponent(
            new WebhookComponent.Needs(reception, engine, routes, addresses, ADDRESS)));
    context.addComponent("records", new RecordsComponent(writer, models, Map.of()));
    context.addComponent("mapping", new MappingComponent(new Mappings(() -> catalogue)));
    context.addComponent("sync", syncs(catalogue));
    context.start();
    load();
    engine.open(Set.of(provider.name()), Set.of());
  }

  private SyncComponent syncs(Catalogue catalogue) {
    return new SyncComponent(
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
          syncs.add(names.getFirst().name());
          return 1;
        });
  }

  private void load() throws Exception {
    try (Stream<Path> files = Files.list(provider.folder().resolve("webhooks"))) {
      for (Path file : files.sorted().toList()) {
        PluginHelper.getRoutesLoader(context)
            .loadRoutes(
                ResourceHelper.resolveMandatoryResource(context, "file:" + file.toAbsolutePath()));
      }
    }
  }

  /** The connection {@code c}, and the secret where the provider's folder says it is. */
  long connect(JsonNode one) {
    return database.inTransaction(
        handle -> new WebhookCustomer(VAULT, provider, integration).connect(handle, one));
  }

  /** As the provider sends it; the status it is answered. */
  int send(JsonNode delivery) {
    now = Instant.parse(delivery.path("at").asText());
    Headers headers = Headers.NONE;
    for (var header : delivery.path("headers").properties()) {
      headers = headers.with(header.getKey(), header.getValue().asText());
    }
    String query =
        delivery.path("query").properties().stream()
            .map(e -> e.getKey() + "=" + OutgoingUri.encode(e.getValue().asText()))
            .collect(Collectors.joining("&"));
    return reception
        .receive(
            environment,
            text("select unique_key from integration where id = " + integration),
            new Arrival(
                "POST",
                ADDRESS + (query.isEmpty() ? "" : "?" + query),
                headers,
                delivery.path("body").asText().getBytes(StandardCharsets.UTF_8)))
        .status();
  }

  /** Until all is worked off, or has failed once. */
  void settle() {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            text("select count(*)::text from (select 1 from webhook_arrival where state = 'arrived' and error is null union all select 1 from webhook_task where state = 'pending' and error is null) w")
                .equals("0"));
  }

  List<String> failures() {
    return column(
        "select error from webhook_arrival where error is not null union all select error from webhook_task where error is not null");
  }

  List<String> syncs() {
    return syncs;
  }

  /** What the backend is sent of the deliveries: the payload, or the body alone. */
  List<JsonNode> forwarded() {
    return column("select body from message where type = 'forward' order by created_at, id")
        .stream()
        .map(Json::parse)
        .map(body -> body.path("type").asText().equals("forward") ? body.path("payload") : body)
        .toList();
  }

  /** What a query of one JSON value answers. */
  JsonNode json(String sql) {
    return Json.parse(text(sql));
  }

  private String text(String sql) {
    return column(sql).getFirst();
  }

  private List<String> column(String sql) {
    return database.inTransaction(h -> h.createQuery(sql).mapTo(String.class).list());
  }

  @Override
  public void close() {
    context.stop();
    engine.close();
  }
}
