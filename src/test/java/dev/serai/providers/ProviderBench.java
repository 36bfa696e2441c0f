package dev.serai.providers;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.action.ActionOutcome;
import dev.serai.action.ActionRegistry;
import dev.serai.action.ActionRunner;
import dev.serai.action.camel.ActionComponent;
import dev.serai.connection.Connection;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.HttpProviderClient;
import dev.serai.connection.camel.ProviderComponent;
import dev.serai.database.Database;
import dev.serai.http.OutgoingHttp;
import dev.serai.mapping.Mappings;
import dev.serai.mapping.camel.MappingComponent;
import dev.serai.outbox.Outbox;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.provider.Auth;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.record.Sealing;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Announcements;
import dev.serai.record.Models;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordWriter;
import dev.serai.record.camel.RecordsComponent;
import dev.serai.stream.ProviderStreams;
import dev.serai.support.TestDatabase;
import dev.serai.sync.RunSettings;
import dev.serai.sync.SyncEngine;
import dev.serai.sync.SyncRegistry;
import dev.serai.sync.SyncWiring;
import dev.serai.sync.camel.SyncComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jdbi.v3.core.Handle;

/**
 * Everything between a provider's files and PostgreSQL as the program has it, except for the door
 * out, which is given. One connection at a time.
 */
final class ProviderBench implements AutoCloseable {
  /** Later than any fixture was recorded, so that no row is from the future. */
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  final Catalogue catalogue;
  final List<OutgoingMessage> messages = new ArrayList<>();
  private final Database database;
  private final CamelContext context = new DefaultCamelContext();
  private final Map<Long, Connection> connections = new ConcurrentHashMap<>();
  private final RecordWriter writer;
  private final SyncEngine engine;
  private final ActionRunner actions;
  private final int environment;

  /**
   * @param roots folders of providers; all of them must load
   */
  ProviderBench(TestDatabase postgres, List<Path> roots, OutgoingHttp door) throws Exception {
    database = postgres.database();
    environment = postgres.environment();
    catalogue = Catalogue.load(roots);
    if (!catalogue.problems().isEmpty()) {
      throw new IllegalArgumentException(catalogue.problems().toString());
    }
    Models models =
        new Models(
            name -> catalogue.find(name).map(p -> p.folder().resolve("schemas")).orElse(null));
    HttpProviderClient client =
        new HttpProviderClient(
            door, () -> catalogue, connection -> Grant.of(credentials(connection.id())), 64L << 20);
    ProviderStreams streams =
        new ProviderStreams(client, () -> catalogue, InstantSource.fixed(NOW));
    RecordPruning pruning = new RecordPruning(database);
    writer = new RecordWriter(database, models, ModelPolicies.NONE, Sealing.OFF);
    SyncRegistry syncs = new SyncRegistry();
    ActionRegistry registry = new ActionRegistry();
    engine =
        SyncEngine.create(
            new SyncWiring(
                new RunSettings(
                    "bench", 1, Duration.ofSeconds(20), Duration.ofSeconds(5), 1 << 20, 3),
                database,
                syncs,
                streams,
                writer,
                new Announcements(),
                outbox(),
                pruning::emptyChunk,
                id -> Optional.ofNullable(connections.get(id)),
                provider -> "as it is",
                (provider, sync, outcome, took) -> {},
                2,
                InstantSource.system()));
    actions = new ActionRunner(database, registry, models, ActionRunner.Limits.DEFAULT);
    context.addComponent(
        "sync", new SyncComponent(syncs, streams, () -> engine, (all, names, mode) -> 0));
    context.addComponent("records", new RecordsComponent(writer, models, Map.of()));
    context.addComponent("mapping", new MappingComponent(new Mappings(() -> catalogue)));
    context.addComponent("provider", new ProviderComponent(client));
    context.addComponent("action", new ActionComponent(registry, models));
    context.start();
    for (Provider provider : catalogue.all()) {
      load(provider);
    }
  }

  private void load(Provider provider) throws Exception {
    for (String kind : List.of("syncs", "actions")) {
      Path folder = provider.folder().resolve(kind);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.sorted().toList()) {
            PluginHelper.getRoutesLoader(context)
                .loadRoutes(
                    ResourceHelper.resolveMandatoryResource(
                        context, "file:" + file.toAbsolutePath()));
          }
        }
      }
    }
  }

  /** A new connection without records. */
  Connection connect(String provider, ObjectNode config) {
    long integration =
        one(
            "insert into integration (environment, unique_key, provider) values (?, gen_random_uuid()::text, ?) returning id",
            environment,
            provider);
    long id =
        one(
            "insert into connection (environment, integration, connection_id, tenant) values (?, ?, 'c', 't') returning id",
            environment,
            integration);
    Connection connection =
        new Connection(
            id, environment, "dev", integration, provider, provider, "c", "t", config, null, null);
    connections.put(id, connection);
    return connection;
  }

  /** As if an earlier run had left these records and this checkpoint. */
  void before(Connection connection, Sync sync, JsonNode records, JsonNode checkpoint) {
    List<RecordWriter.Batch> batches = new ArrayList<>();
    records
        .properties()
        .forEach(model ->
            batches.add(
                new RecordWriter.Batch.Save(
                    model.getKey(), model.getValue().valueStream().toList())));
    writer.save(
        new RecordWriter.Write(
            connection.id(),
            "base",
            sync.name(),
            "",
            RecordWriter.Writer.PAGE,
            java.time.OffsetDateTime.now(),
            0,
            batches));
    database.useTransaction(handle -> {
      handle.execute(
          "insert into sync_run (sync, mode, phase, outcome) values (?, 'full', 'ended', 'success')",
          sync.id());
      handle.execute(
          "update sync set checkpoint = cast(? as jsonb), full_at = clock_timestamp(), fingerprint = 'as it is' where id = ?",
          checkpoint.isMissingNode() ? null : Json.write(checkpoint),
          sync.id());
    });
  }

  /** A connection's sync: its row and name. */
  record Sync(long id, String name) {}

  Sync sync(Connection connection, String name) {
    return new Sync(
        one(
            "insert into sync (connection, tenant, provider, name) values (?, 't', ?, ?) returning id",
            connection.id(),
            connection.provider(),
            name),
        name);
  }

  /** One run, to its end or to where it waits for a better time. */
  void run(Sync sync, boolean full) {
    database.useTransaction(handle -> {
      handle.execute("update sync set state = 'paused' where id <> ?", sync.id());
      handle.execute(
          "update sync set due_at = clock_timestamp(), full_requested = ? where id = ?",
          full,
          sync.id());
    });
    if (engine.tick() != 1) {
      throw new IllegalStateException("sync " + sync.name() + " has no route");
    }
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(20))
        .until(() -> one("select count(*) from sync where lease_token is not null") == 0);
  }

  ActionOutcome act(Connection connection, String action, JsonNode input) {
    return actions.run(connection, action, input);
  }

  /** What a query of one JSON value answers. */
  JsonNode json(String sql, Object... values) {
    return database.read(handle -> {
      var query = handle.createQuery(sql);
      for (int i = 0; i < values.length; i++) {
        query.bind(i, values[i]);
      }
      return Json.parse(query.mapTo(String.class).findOne().orElse("null"));
    });
  }

  private long one(String sql, Object... values) {
    return database.inTransaction(handle -> {
      var query = handle.createQuery(sql);
      for (int i = 0; i < values.length; i++) {
        query.bind(i, values[i]);
      }
      return query.mapTo(Long.class).one();
    });
  }

  private Credentials credentials(long connection) {
    Auth auth = catalogue.find(connections.get(connection).provider()).orElseThrow().auth();
    return switch (auth.credentials()) {
      case "API_KEY" -> new Credentials.ApiKey(Conversation.SECRET);
      case "BASIC" -> new Credentials.Basic("user", Conversation.SECRET);
      case "OAUTH2" ->
          new Credentials.OAuth2(Conversation.SECRET, null, null, null, null, Json.object());
      default -> new Credentials.None();
    };
  }

  private Outbox outbox() {
    return new Outbox() {
      @Override
      public Optional<String> write(Handle transaction, OutgoingMessage message) {
        messages.add(message);
        return Optional.of("message");
      }

      @Override
      public void wake() {}
    };
  }

  @Override
  public void close() {
    context.stop();
    engine.close();
  }
}
