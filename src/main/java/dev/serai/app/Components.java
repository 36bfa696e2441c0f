package dev.serai.app;

import dev.serai.api.ConnectFiles;
import dev.serai.api.LoadedProviders;
import dev.serai.api.camel.HttpEdge;
import dev.serai.connection.AppVault;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.DataKeys;
import dev.serai.connection.HttpProviderClient;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.Integrations;
import dev.serai.connection.Rendering;
import dev.serai.connection.Verification;
import dev.serai.connection.auth.AuthModes;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.camel.ProviderComponent;
import dev.serai.database.Database;
import dev.serai.mapping.Mappings;
import dev.serai.mapping.camel.MappingComponent;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.provider.Provider;
import dev.serai.record.Announcements;
import dev.serai.record.CollectionSuccession;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordConversion;
import dev.serai.record.RecordChanges;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordReader;
import dev.serai.record.RecordRetention;
import dev.serai.record.RecordWriter;
import dev.serai.record.camel.RecordsComponent;
import dev.serai.stream.ProviderStreams;
import dev.serai.sync.ConnectionSyncs;
import dev.serai.sync.RunSettings;
import dev.serai.sync.SyncControl;
import dev.serai.sync.SyncEngine;
import dev.serai.sync.SyncRegistry;
import dev.serai.sync.SyncWiring;
import dev.serai.sync.camel.SyncComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The one place where engines are put together and handed to Camel: every component and every bean
 * that a route names is registered here.
 */
final class Components {
  private static final long MOST_ANSWER_BYTES = 64L << 20;
  private static final int RETRIES = 5;

  private final Platform platform;
  private final ConnectionSyncs connectionSyncs;
  private final InboxWires inbox;
  private final ConnectWiring connect;

  private Components(
      Platform platform, ConnectionSyncs connectionSyncs, InboxWires inbox, ConnectWiring connect) {
    this.platform = platform;
    this.connectionSyncs = connectionSyncs;
    this.inbox = inbox;
    this.connect = connect;
  }

  /**
   * Before Camel starts and before any route is loaded.
   *
   * @param door open, and closed after Camel has stopped
   */
  static Components register(CamelContext context, Platform platform, Door door) {
    Probes.bind(context, platform.readiness());
    Database database = platform.database();
    // Named: a second DataSource in the registry must not change what camel-sql uses.
    context.getRegistry().bind("serai", database.dataSource());
    PostgresOutbox outbox = OutboxWiring.register(context, platform, door);

    IntegrationStore integrations = new IntegrationStore(database);
    ConnectionStore connectionStore = new ConnectionStore(database);
    CredentialVault credentials = new CredentialVault(database, platform.vault());
    DataKeys dataKeys = new DataKeys(database, platform.vault());
    RecordSealing sealing = new RecordSealing(dataKeys, platform.settings().records().encrypt());
    SyncRegistry syncs = new SyncRegistry();
    ConnectionSyncs connectionSyncs = new ConnectionSyncs(database, syncs);
    AuthModes modes = new AuthModes(door.http(), platform::catalogue, platform.clock());
    ConnectSessions sessions = ConnectWiring.sessions(platform);
    RefreshWiring refresh =
        RefreshWiring.register(
            context, platform, credentials, modes, outbox, sessions, List.of(connectionSyncs));
    HttpProviderClient client =
        new HttpProviderClient(
            door.http(),
            platform::catalogue,
            refresh.keeper(),
            new AppVault(database, platform.vault())::of,
            MOST_ANSWER_BYTES);
    Models models =
        new Models(provider ->
            platform
                .catalogue()
                .find(provider)
                .map(Provider::folder)
                .map(folder -> folder.resolve("schemas"))
                .orElse(null));
    ModelPolicies policies = platform.settings().models().over(platform.catalogue());
    RecordWriter writer = new RecordWriter(database, models, policies, sealing);
    RecordReader reader = new RecordReader(database, sealing);
    RecordPruning pruning = new RecordPruning(database);
    ProviderStreams streams = new ProviderStreams(client, platform::catalogue, platform.clock());

    LifecycleWiring lifecycle =
        LifecycleWiring.register(
            context,
            platform,
            connectionStore,
            credentials,
            List.of(connectionSyncs, refresh.messages()));
    Connections connections =
        new Connections(
            database,
            integrations,
            connectionStore,
            credentials,
            Stream.concat(
                    Stream.of(
                        lifecycle.preparations(),
                        connectionSyncs,
                        dataKeys,
                        new CollectionSuccession()),
                    refresh.listeners().stream())
                .toList(),
            lifecycle.departures(),
            there ->
                platform
                    .catalogue()
                    .find(there.provider())
                    .map(provider -> Rendering.address(provider, there.config()))
                    .orElse(""));
    SyncEngine engine =
        platform
            .closing()
            .add(
                "syncs",
                SyncEngine.create(
                    new SyncWiring(
                        runSettings(platform),
                        database,
                        syncs,
                        streams,
                        writer,
                        new Announcements(),
                        outbox,
                        pruning::emptyChunk,
                        connectionStore::find,
                        new Fingerprints(platform.catalogue()),
                        new RunMetrics(platform.metrics()),
                        Math.max(1, platform.settings().syncing().connections() / 2),
                        platform.clock())));
    platform.metrics().gauge("serai.sync.runs.active", engine, SyncEngine::running);

    Verification verification = new Verification(client);
    ConnectWiring connect =
        ConnectWiring.of(platform, sessions, integrations, connections, verification, modes);
    SyncControl control = new SyncControl(database, syncs, reader::counts);
    InboxWires inbox =
        InboxWires.register(context, platform, credentials, door.http(), writer, outbox);
    context.addComponent(
        "sync",
        new SyncComponent(
            syncs,
            streams,
            () -> engine,
            (all, names, mode) -> {
              int due = control.trigger(all, names, mode);
              var unused = engine.tick();
              return due;
            }));
    context.addComponent(
        "records",
        new RecordsComponent(
            writer,
            models,
            Map.of(
                "sweep",
                pruning::sweep,
                "retain",
                new RecordRetention(database, policies)::run,
                "convert",
                new RecordConversion(database, policies, sealing)::convert)));
    context.addComponent("mapping", new MappingComponent(new Mappings(platform::catalogue)));
    context.addComponent("provider", new ProviderComponent(client));
    ApiWiring.register(
        context,
        platform,
        new ApiWiring.Rooms(
            integrations,
            new Integrations(
                database,
                integrations,
                new AppVault(database, platform.vault()),
                List.of(refresh.healing())),
            connections,
            refresh.keeper(),
            client,
            control,
            syncs,
            reader,
            new RecordChanges(database, sealing, policies),
            pruning,
            models,
            sealing,
            new LoadedProviders(
                platform::catalogue,
                verification,
                new AppVault(database, platform.vault())::of,
                modes,
                integration -> InboxWires.address(platform, integration),
                platform.settings().addresses().own()),
            door.guard(),
            connect.sessions(),
            connect.doors(),
            Stream.concat(
                    connect.pages().stream(),
                    ConnectFiles.pages(
                        platform.settings().listening().frameAncestors(),
                        platform.settings().addresses().own())
                        .stream())
                .toList()));
    return new Components(platform, connectionSyncs, inbox, connect);
  }

  private static RunSettings runSettings(Platform platform) {
    Settings.Syncing syncing = platform.settings().syncing();
    return new RunSettings(
        NodeName.of(platform.settings()),
        syncing.concurrency(),
        syncing.lease(),
        syncing.heartbeat(),
        Runtime.getRuntime().maxMemory() / 8,
        RETRIES);
  }

  /** When the HTTP server exists, before the providers' routes are loaded. */
  void started(CamelContext context) {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context,
            VertxPlatformHttpRouter.getRouterNameFromPort(platform.settings().listening().port()));
    HttpEdge.install(router);
    inbox.guard(router);
    connect.sockets().install(router, router.vertx());
  }

  /**
   * When every provider's routes are loaded: connections get the syncs they lack, webhooks their
   * routes.
   */
  int loaded(Set<String> refusedProviders) {
    int reconciled = connectionSyncs.reconcile(refusedProviders);
    inbox.open(refusedProviders);
    return reconciled;
  }
}
