package dev.serai.app;

import dev.serai.connection.AppVault;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingUri;
import dev.serai.inbox.Contents;
import dev.serai.inbox.InboxEngine;
import dev.serai.inbox.InboxStore;
import dev.serai.inbox.InboxWiring;
import dev.serai.inbox.KeySets;
import dev.serai.inbox.Reception;
import dev.serai.inbox.Secrets;
import dev.serai.inbox.WebhookRoutes;
import dev.serai.inbox.camel.WebhookComponent;
import dev.serai.outbox.Outbox;
import dev.serai.record.RecordWriter;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

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
                        CONCURRENCY,
                        LEASE)));
    platform.metrics().gauge("serai.inbox.tasks.active", engine, InboxEngine::running);
    Reception reception =
        new Reception(
            new Reception.Rooms(
                inbox,
                new IntegrationStore(database),
                catalogue::find,
                new Secrets(new AppVault(database, platform.vault()), credentials::open),
                new KeySets(http),
                contents,
                platform.clock()),
            platform.settings().listening().webhookRateLimit(),
            engine::tick);
    context.addComponent(
        "webhook",
        new WebhookComponent(
            new WebhookComponent.Needs(
                reception, engine, routes, platform.settings().addresses().own().toString())));
    return new InboxWires(platform, engine);
  }

  /** The address that a provider sends the webhooks of an integration to. */
  static String address(Platform platform, Integration integration) {
    return "%s/webhook/%s/%s"
        .formatted(
            platform.settings().addresses().own(),
            new EnvironmentStore(platform.database()).get(integration.environment()).uuid(),
            OutgoingUri.encode(integration.uniqueKey()));
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
