package dev.serai.app;

import dev.serai.connection.AppVault;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingUri;
import dev.serai.inbox.Addresses;
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
import dev.serai.inbox.camel.WebhookGate;
import dev.serai.outbox.Outbox;
import dev.serai.record.RecordWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Webhooks in: the door, and what works off what came through it. */
final class InboxWires {
  private static final int CONCURRENCY = 16;
  private static final Duration LEASE = Duration.ofMinutes(2);

  private final Platform platform;
  private final InboxEngine engine;

  private InboxWires(Platform platform, InboxEngine engine) {
    this.platform = platform;
    this.engine = engine;
  }

  /** Adds {@code webhook:}. It works from {@link #open} on. */
  static InboxWires register(
      CamelContext context,
      Platform platform,
      CredentialVault credentials,
      OutgoingHttp http,
      RecordWriter writer,
      Outbox outbox) {
    var database = platform.database();
    var catalogue = platform.catalogue();
    ConnectionStore connections = new ConnectionStore(database);
    InboxStore inbox = new InboxStore(database, connections);
    Contents contents = new Contents(platform.vault(), platform.settings().records().encrypt());
    WebhookRoutes routes = new WebhookRoutes();
    BacklogStore backlog = new BacklogStore(database);
    InboxEngine engine =
        platform
            .closing()
            .add(
                "inbox",
                new InboxEngine(
                    new InboxWiring(
                        database,
                        NodeName.of(platform.settings()),
                        inbox,
                        routes,
                        catalogue::find,
                        connections::find,
                        writer,
                        contents,
                        outbox,
                        backlog,
                        CONCURRENCY,
                        LEASE)));
    measure(platform.metrics(), engine, backlog);
    AppVault apps = new AppVault(database, platform.vault());
    Addresses addresses =
        new Addresses(
            database,
            platform.vault(),
            of -> address(platform, of.environment(), of.providerConfigKey()));
    Reception reception =
        new Reception(
            new Reception.Rooms(
                inbox,
                new IntegrationStore(database),
                catalogue::find,
                new Secrets(apps, credentials::open),
                new KeySets(http),
                apps,
                addresses,
                contents,
                platform.clock()),
            platform.settings().listening().webhookRateLimit(),
            engine::tick);
    context.addComponent(
        "webhook",
        new WebhookComponent(
            new WebhookComponent.Needs(
                reception,
                engine,
                routes,
                addresses,
                platform.settings().addresses().own().toString())));
    return new InboxWires(platform, engine);
  }

  private static void measure(MeterRegistry metrics, InboxEngine engine, BacklogStore backlog) {
    metrics.gauge("serai.inbox.tasks.active", engine, InboxEngine::running);
    metrics.gauge("serai.inbox.waiting", backlog, b -> b.last().waiting());
    metrics.gauge("serai.inbox.oldest.seconds", backlog, b -> b.last().oldestSeconds());
    metrics.gauge("serai.inbox.dead", backlog, b -> b.last().dead());
  }

  /** The address that a provider sends the webhooks of an integration to. */
  static String address(Platform platform, Integration integration) {
    return address(platform, integration.environment(), integration.uniqueKey());
  }

  private static String address(Platform platform, int environment, String uniqueKey) {
    return "%s/webhook/%s/%s"
        .formatted(
            platform.settings().addresses().own(),
            new EnvironmentStore(platform.database()).get(environment).uuid(),
            OutgoingUri.encode(uniqueKey));
  }

  /** Bounds what strangers can send; when the HTTP server exists. */
  void guard(VertxPlatformHttpRouter router) {
    new WebhookGate(Runtime.getRuntime().maxMemory()).install(router, router.vertx());
  }

  /** When every provider's routes are loaded, but for those that were refused. */
  void open(Set<String> refused) {
    engine.open(
        platform.catalogue().all().stream()
            .map(provider -> provider.name())
            .collect(Collectors.toSet()),
        refused);
  }
}
