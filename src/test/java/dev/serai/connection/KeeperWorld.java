package dev.serai.connection;

import dev.serai.Json;
import dev.serai.connection.auth.AuthModes;
import dev.serai.database.Database;
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.Outbox;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.support.OAuthWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;

/** Keepers as nodes have them, over one database and a strict provider in this process. */
final class KeeperWorld implements AutoCloseable {
  /** So long that only {@link #ownersDie} ends it. */
  static final Duration LEASE = Duration.ofHours(1);

  final OAuthWorld oauth;
  final List<String> heard = new CopyOnWriteArrayList<>();
  final List<String> outcomes = new CopyOnWriteArrayList<>();
  Duration firstRetry = Duration.ofMillis(1);
  Duration lastRetry = Duration.ofSeconds(1);
  InstantSource clock = InstantSource.system();

  /** How long a token endpoint may keep silent. */
  Duration silence = Duration.ofSeconds(30);

  /** How long a caller waits for a renewal. */
  Duration patience = Duration.ofSeconds(20);

  private final Database database;
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private final List<TokenKeeper> keepers = new ArrayList<>();

  KeeperWorld(Database database, int environment, Path folder, String refresh) {
    this.database = database;
    this.oauth = new OAuthWorld(database, folder, refresh);
    oauth.integrate(environment);
  }

  Connection connect(String id) {
    return oauth.connect(id, listeners());
  }

  /** As the application wires them. */
  List<ConnectionListener> listeners() {
    return List.of(new Working(), healing(), new AuthMessages(database, outbox(database), link()));
  }

  GrantHealing healing() {
    return new GrantHealing(new ConnectionStore(database), List.of(new Working()));
  }

  private static ReconnectLinks link() {
    return (handle, connection) ->
        Optional.of("http://serai/reconnect/" + connection.connectionId());
  }

  private static Outbox outbox(Database database) {
    return new PostgresOutbox(new Deliveries(database, Backoff.overThreeDays(new Random(1))));
  }

  TokenKeeper keeper(String node) {
    return keeper(database, node, RefreshHook.NONE);
  }

  TokenKeeper keeper(Database pool, String node, RefreshHook hook) {
    return keeper(rooms(pool, node), hook);
  }

  /** Of the process that these rooms belong to. */
  TokenKeeper keeper(RefreshRooms rooms, RefreshHook hook) {
    TokenKeeper keeper = new TokenKeeper(rooms, hook);
    keepers.add(keeper);
    return keeper;
  }

  TokenUpkeep upkeep() {
    return new TokenUpkeep(rooms(database, "a"), keeper("a"));
  }

  /** The provider does this to the next so many renewals. */
  void fault(String kind, int times, int holdMillis) {
    oauth
        .simulator
        .control()
        .fault(
            Json.object()
                .put("kind", kind)
                .put("path", "/oauth/token")
                .put("times", times)
                .put("hold_ms", holdMillis)
                .put("retry_after", 0));
  }

  void sql(String sql) {
    database.useTransaction(handle -> handle.execute(sql));
  }

  /** Whatever failed may be tried again at once. */
  void retryNow() {
    sql("update token_refresh set retry_at = null");
  }

  /** Credentials in force have this age, or are so much older. */
  void age(Duration by) {
    sql(
        "update credential set updated_at = updated_at - %d * interval '1 millisecond'"
            .formatted(by.toMillis()));
  }

  RefreshRooms rooms(Database pool, String node) {
    var catalogue = oauth.catalogue();
    AppVault apps = new AppVault(pool, OAuthWorld.VAULT);
    return new RefreshRooms(
        new RefreshSettings(
            node,
            UUID.randomUUID().toString(),
            LEASE,
            patience,
            firstRetry,
            lastRetry,
            Duration.ofSeconds(5)),
        pool,
        new CredentialVault(pool, OAuthWorld.VAULT, clock),
        OAuthWorld.VAULT,
        apps::of,
        new AuthModes(
            http,
            () -> catalogue,
            clock,
            new HttpCall.Limits(Duration.ofSeconds(10), silence, Duration.ofSeconds(60), 1L << 20)),
        () -> catalogue,
        new ConnectionStore(pool),
        List.of(new Working()),
        outbox(pool),
        link(),
        (provider, outcome) -> outcomes.add(outcome));
  }

  /** What a killed node's leases come to. */
  void ownersDie() {
    database.useTransaction(
        handle -> handle.execute("update token_refresh set lease_until = clock_timestamp()"));
  }

  GrantState state(Connection connection) {
    return standing(connection).state();
  }

  Standing standing(Connection connection) {
    return new RefreshStore(database).find(connection.id()).orElseThrow();
  }

  String refreshToken(Connection connection) {
    var stored = new CredentialVault(database, OAuthWorld.VAULT).stored(connection.id());
    return String.valueOf(((Credentials.OAuth2) stored.credentials()).refreshToken());
  }

  String text(String sql) {
    return database.read(
        handle -> handle.createQuery(sql).mapTo(String.class).findOne().orElse(""));
  }

  @Override
  public void close() {
    keepers.forEach(TokenKeeper::close);
    http.close();
    oauth.close();
  }

  private final class Working implements ConnectionListener {
    @Override
    public void created(Handle transaction, Connection connection) {}

    @Override
    public void overridden(Handle transaction, Connection connection) {
      heard.add("overridden");
    }

    @Override
    public void stopped(Handle transaction, Connection connection) {
      heard.add("stopped");
    }

    @Override
    public void resumed(Handle transaction, Connection connection) {
      heard.add("resumed");
    }

    @Override
    public void deleted(Handle transaction, Connection connection) {}
  }
}
