package dev.serai.sync;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.record.Announcements;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.stream.Streams;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * One connection with its syncs, and engines to run them. Messages are rows of a table: one whose
 * transaction rolled back was never there.
 */
final class SyncWorld implements AutoCloseable {
  static final String PROVIDER = "desk";

  final Connection connection;
  private final TestDatabase postgres;
  private final Streams streams;
  private final SyncRegistry registry = new SyncRegistry();
  private SyncEngine engine;

  SyncWorld(TestDatabase postgres, Streams streams) {
    this.postgres = postgres;
    this.streams = streams;
    SyncRows rows = new SyncRows(postgres);
    connection =
        new Connection(
            rows.connection("t"),
            rows.environment(),
            "dev",
            rows.integration(),
            "desk",
            PROVIDER,
            "user-1",
            "t",
            Json.object(),
            null,
            null);
    execute("drop table if exists told");
    execute("create table told (n bigint generated always as identity, body jsonb not null)");
  }

  /** A sync that saves what it reads as one model. */
  SyncWorld sync(String name, String model) {
    return sync(
        name,
        Set.of(model),
        (c, records, page) -> {
          page.save(model, records.valueStream().toList());
          return Optional.empty();
        });
  }

  SyncWorld sync(String name, Set<String> models, PageRoute route) {
    postgres
        .database()
        .useTransaction(h ->
            h.execute(
                "insert into sync (connection, tenant, provider, name, due_at) values (?, 't', ?, ?, 'infinity')",
                connection.id(),
                PROVIDER,
                name));
    registry.register(
        new SyncDefinition(PROVIDER, name, models, new Schedule.Every(Duration.ofHours(1))), route);
    return this;
  }

  /** An engine whose words go over this database; the one before it is closed. */
  SyncWorld start(Database database) {
    close();
    engine =
        SyncEngine.create(
            new SyncWiring(
                new RunSettings(
                    "node", 4, Duration.ofSeconds(40), Duration.ofSeconds(10), 1 << 24, 3),
                database,
                registry,
                streams,
                new RecordWriter(database, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF),
                new Announcements(),
                outbox(),
                (handle, c, variant, stream) -> false,
                id -> Optional.of(connection),
                name -> "fingerprint",
                (desk, name, outcome, took) -> {},
                4,
                InstantSource.system()));
    return this;
  }

  private static Outbox outbox() {
    return new Outbox() {
      @Override
      public Optional<String> write(Handle transaction, OutgoingMessage message) {
        transaction.execute(
            "insert into told (body) values (?::jsonb)", Json.write(message.body()));
        return Optional.of("msg");
      }

      @Override
      public void wake() {}
    };
  }

  /** Makes the sync due, and waits until what it started has come to rest. */
  void run(String name) {
    execute("update sync set due_at = clock_timestamp() where name = '" + name + "'");
    tick();
  }

  void tick() {
    engine.tick();
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> engine.idle());
  }

  List<JsonNode> told() {
    return postgres
        .database()
        .read(h ->
            h.createQuery("select body from told order by n").mapTo(String.class).list().stream()
                .map(Json::parse)
                .toList());
  }

  /** The title of each live record, by id. */
  Map<String, String> live(String model) {
    return postgres
        .database()
        .read(h ->
            h.createQuery(
                    "select external_id, data->>'title' from record r join collection c on c.id = r.collection where c.model = ? and deleted_at is null")
                .bind(0, model)
                .reduceRows(
                    new TreeMap<String, String>(),
                    (map, row) -> {
                      map.put(row.getColumn(1, String.class), row.getColumn(2, String.class));
                      return map;
                    }));
  }

  /** Columns of a sync's last run, as PostgreSQL writes a row. */
  String lastRun(String name, String columns) {
    return text(
        "select row(%s)::text from sync_run r join sync s on s.id = r.sync where s.name = '%s' order by r.id desc limit 1"
            .formatted(columns, name));
  }

  long number(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  String text(String sql) {
    return postgres
        .database()
        .read(h -> h.createQuery(sql).mapTo(String.class).findOne().orElse(""));
  }

  void execute(String sql) {
    postgres.database().useTransaction(h -> h.execute(sql));
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
    }
  }
}
