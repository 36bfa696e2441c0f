package dev.serai.inbox;

import dev.serai.Json;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.IntegrationStore;
import dev.serai.database.Database;
import dev.serai.http.Headers;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordPage;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A provider {@code desk} that signs its webhooks, an integration of it, and an inbox over
 * PostgreSQL.
 */
final class InboxWorld implements AutoCloseable {
  static final String SECRET = Marked.secret("desk-webhooks");
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final Vault VAULT = new Vault(MasterKey.parse(Marked.MASTER_KEY));

  /** Nobody publishes keys. */
  static final KeySets NO_KEYS =
      new KeySets(call -> {
        throw new AssertionError("nobody publishes keys here");
      });

  /** What a provider declares whose connections each have a secret. */
  static final String SECRET_FIELD =
      "connection_config: {hook_secret: {title: Secret, description: Of the webhooks, pattern: '.*', example: x, required: false, secret: true}}\n";

  private static final String YAML =
      """
      name: desk
      display_name: Desk
      auth: {type: none}
      base_url: https://desk.example.com
      webhooks:
        signature: {header: X-Signature, separator: ",", prefix: "v1=", signed: [timestamp, ".", body]}
        timestamp: {prefix: "t="}
        delivery: {header: X-Delivery}
        event: {path: .event}
        match: {path: .team.id, to: connection_config.team_id}
        challenges:
          - {query: validationToken, signed: false}
          - {path: .challenge, when: '.event == "hello"'}
      """;

  final Database database;
  final WebhookRoutes routes = new WebhookRoutes();

  /** What is known of a provider here; a test takes it away or lets it fail. */
  volatile Function<String, Optional<Provider>> providers;

  final List<String> ran = new CopyOnWriteArrayList<>();
  private final TestDatabase postgres;
  private final Catalogue catalogue;
  private final String environment;
  private InboxEngine engine;
  private InboxWiring wiring;
  private Reception reception;
  private final Addresses addresses;

  InboxWorld(TestDatabase postgres, boolean sealed, int perMinute) throws Exception {
    this(postgres, postgres.database(), sealed, perMinute, Duration.ofSeconds(60), YAML);
  }

  InboxWorld(
      TestDatabase postgres,
      Database database,
      boolean sealed,
      int perMinute,
      Duration lease,
      String yaml)
      throws Exception {
    this.postgres = postgres;
    this.database = database;
    Path folder = Files.createTempDirectory("inbox").resolve("desk");
    Files.createDirectories(folder.resolve("webhooks"));
    Files.writeString(folder.resolve("provider.yaml"), yaml);
    catalogue = Catalogue.load(List.of(folder.getParent()));
    if (!catalogue.problems().isEmpty()) {
      throw new IllegalStateException(catalogue.problems().toString());
    }
    providers = catalogue::find;
    if (number("select count(*) from integration") == 0) {
      postgres.environment();
      execute("update environment set primary_url = 'http://backend.test/hook'");
      execute(
          "insert into integration (environment, unique_key, provider) values (1, 'desk', 'desk')");
      postgres
          .database()
          .useTransaction(handle ->
              handle.execute(
                  "update integration set webhook_secret = ?",
                  VAULT.seal("webhook_secret", "1", SECRET)));
    }
    environment = text("select uuid::text from environment");
    Contents contents = new Contents(VAULT, sealed);
    ConnectionStore connections = new ConnectionStore(database);
    InboxStore inbox = new InboxStore(database, connections);
    wiring =
        new InboxWiring(
            database,
            "node-1",
            inbox,
            routes,
            name -> providers.apply(name),
            connections::find,
            new RecordWriter(database, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF),
            contents,
            new PostgresOutbox(new Deliveries(database, Backoff.overThreeDays(new Random(1)))),
            new BacklogStore(database),
            4,
            lease);
    engine = new InboxEngine(wiring);
    addresses = new Addresses(database, VAULT, of -> "https://serai.example.com/webhook/x/desk");
    reception =
        new Reception(
            new Reception.Rooms(
                inbox,
                new IntegrationStore(database),
                name -> providers.apply(name),
                new Secrets(
                    new AppVault(database, VAULT), new CredentialVault(database, VAULT)::open),
                NO_KEYS,
                new AppVault(database, VAULT),
                addresses,
                contents,
                () -> NOW),
            perMinute,
            engine::tick);
  }

  static String yaml() {
    return YAML;
  }

  void connection(String id, String config) {
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "insert into connection (environment, integration, connection_id, tenant, connection_config)"
                    + " values (1, 1, ?, ?, ?::jsonb)",
                id,
                id,
                config));
  }

  /** A secret of the connection's own, as it is sealed. */
  void secret(String connection, String secret) {
    long id = number("select id from connection where connection_id = '%s'".formatted(connection));
    byte[] sealed =
        VAULT.seal(
            "credential",
            Long.toString(id),
            "{\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"},\"secret_config\":{\"hook_secret\":\"%s\"}}"
                .formatted(secret));
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "insert into credential (connection, type, sealed) values (?, 'API_KEY', ?)",
                id,
                sealed));
  }

  /** What the route of an event does. */
  void route(
      String event, String sync, BiFunction<Connection, RecordPage, Optional<Throwable>> does) {
    routes.register(
        "desk",
        Set.of(event),
        new WebhookRoutes.Registered(
            (connection, body, page) -> {
              ran.add(connection.connectionId() + " " + body.path("event").asText());
              return does.apply(connection, page);
            },
            sync));
  }

  /** A route that saves the ticket that {@code n} names. */
  void savingRoute(String event) {
    routes.register(
        "desk",
        Set.of(event),
        new WebhookRoutes.Registered(
            (connection, body, page) -> {
              ran.add(connection.connectionId() + " " + body.path("event").asText());
              page.save(
                  "Thing",
                  List.of(
                      Json.object()
                          .put("id", body.path("n").asText())
                          .put("title", body.path("title").asText("t"))));
              return Optional.empty();
            },
            "things"));
  }

  InboxWorld open() {
    engine.open(Set.of("desk"), Set.of());
    return this;
  }

  /** A node of the same name, after the one before died. */
  void restart() {
    engine.close();
    engine = new InboxEngine(wiring);
    open();
  }

  InboxEngine engine() {
    return engine;
  }

  Reply receive(String delivery, String body) {
    return receive(delivery, body, SECRET, NOW);
  }

  Reply receive(String delivery, String body, String secret, Instant at) {
    return receive("POST", "", signed(delivery, body, secret, at), body);
  }

  Reply receive(String method, String query, Headers headers, String body) {
    return reception.receive(
        environment,
        "desk",
        new Arrival(
            method,
            "https://serai.example.com/webhook/x/desk" + query,
            headers,
            body.getBytes(StandardCharsets.UTF_8)));
  }

  Addresses addresses() {
    return addresses;
  }

  Reception reception() {
    return reception;
  }

  static Headers signed(String delivery, String body, String secret, Instant at) {
    String t = Long.toString(at.getEpochSecond());
    return Headers.NONE
        .with("X-Signature", "t=" + t + ",v1=" + hmac(secret, t + "." + body))
        .with("X-Delivery", delivery)
        .with("X-Kind", "kept")
        .with("Cookie", "no=no")
        .with("Content-Type", "application/json");
  }

  static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }

  long number(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  String text(String sql) {
    return postgres
        .database()
        .read(h -> h.createQuery(sql).mapTo(String.class).findOne().orElse(""));
  }

  List<String> column(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(String.class).list());
  }

  /** Nothing waits and nothing is under way. */
  boolean settled() {
    return number(
                "select (select count(*) from webhook_arrival where state = 'arrived')"
                    + " + (select count(*) from webhook_task where state = 'pending')")
            == 0
        && engine.running() == 0;
  }

  @Override
  public void close() {
    engine.close();
  }
}
