package dev.serai.secrets;

import dev.serai.Json;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connection;
import dev.serai.connection.Connections.Right;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.DataKeys;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.RefreshAnswers;
import dev.serai.connection.WebhookKeys;
import dev.serai.connection.connect.Attempt;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.connect.Flows;
import dev.serai.connection.connect.FrontDoor;
import dev.serai.connection.connect.FrontDoors;
import dev.serai.connection.connect.SessionTerms;
import dev.serai.database.Database;
import dev.serai.inbox.SealedAddresses;
import dev.serai.inbox.SealedArrivals;
import dev.serai.outbox.SealedMessages;
import dev.serai.vault.KeyHash;
import dev.serai.vault.Vault;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One sealed value in every column that the vault seals, each beside the code that opens it. */
final class SealedRows {
  private final Database database;
  private final Vault vault;
  private final List<Place> places = new ArrayList<>();

  SealedRows(Database database, Vault vault) {
    this.database = database;
    this.vault = vault;
  }

  /** With another environment, integration, connection, session and flow. */
  void add(int i) {
    int environment = environment("env" + i);
    long integration = integration(environment);
    connection(integration, environment);
    session(environment);
    flow(environment, integration);
    message(environment, i);
    UUID arrival = SealedArrivals.keep(database, vault, environment, integration);
    places.add(
        new Place(
            "webhook_arrival",
            arrival.toString(),
            "webhook_arrival",
            "sealed",
            "uuid = '" + arrival + "'",
            () -> SealedArrivals.takeUp(database, vault, arrival)));
  }

  List<Place> places() {
    return places;
  }

  private void message(int environment, int i) {
    String id = SealedMessages.keep(database, vault, environment, i);
    places.add(
        new Place(
            "message",
            id,
            "message",
            "sealed",
            "id = '" + id + "'",
            () -> SealedMessages.takeUp(database, vault, id)));
  }

  private int environment(String name) {
    EnvironmentStore environments = new EnvironmentStore(database);
    WebhookKeys signing = new WebhookKeys(database, vault);
    int id = environments.ensure(name, uuid -> signing.seal(uuid, "key-" + name)).id();
    signing.rotate(id, Duration.ofHours(1));
    UUID uuid = environments.get(id).uuid();
    places.add(
        new Place(
            "webhook_signing_key",
            uuid.toString(),
            "environment",
            "webhook_signing_key",
            "id = " + id,
            () -> signing.of(id)));
    places.add(
        new Place(
            "previous_signing_key",
            uuid.toString(),
            "environment",
            "previous_signing_key",
            "id = " + id,
            () -> signing.of(id)));
    FrontDoors doors = new FrontDoors(database, vault);
    doors.change(
        id,
        old ->
            new FrontDoor(
                old.environment(), old.name(), old.publicKey(), "hmac-" + name, true, null));
    places.add(
        new Place(
            "hmac_key",
            uuid.toString(),
            "environment",
            "hmac_key",
            "id = " + id,
            () -> doors.of(id)));
    return id;
  }

  private long integration(int environment) {
    long id =
        insert(
            "insert into integration (environment, unique_key, provider) values (%d, 'i', 'p')"
                .formatted(environment));
    AppVault apps = new AppVault(database, vault);
    String row = Long.toString(id);
    Place app =
        new Place(
            "integration", row, "integration", "credentials", "id = " + id, () -> apps.of(id));
    app.store(database, vault.seal("integration", row, "{\"client_secret\":\"s\"}"));
    Place hooks =
        new Place(
            "webhook_secret",
            row,
            "integration",
            "webhook_secret",
            "id = " + id,
            () -> apps.webhookSecret(id).orElseThrow());
    hooks.store(database, vault.seal("webhook_secret", row, "hush"));
    places.addAll(List.of(app, hooks));
    return id;
  }

  private void connection(long integration, int environment) {
    long id =
        insert(
            "insert into connection (environment, integration, connection_id, tenant) values (%d, %d, 'c', 'c')"
                .formatted(environment, integration));
    String row = Long.toString(id);
    byte[] sealed =
        vault.seal(
            "credential", row, Json.write(CredentialJson.write(new Credentials.ApiKey("s"))));
    database.useTransaction(h ->
        h.execute(
            "insert into credential (connection, type, sealed) values (?, 'API_KEY', ?)",
            id,
            sealed));
    Connection connection =
        new Connection(
            id, environment, "e", integration, "i", "p", "c", "c", Json.object(), null, null);
    CredentialVault credentials = new CredentialVault(database, vault);
    String key = "connection = " + id;
    SealedAddresses address = new SealedAddresses(database, vault, connection);
    places.add(
        new Place(
            "webhook_address",
            address.keep("hush"),
            "webhook_address",
            "secret",
            key,
            address::takeUp));
    places.add(
        new Place(
            "credential", row, "credential", "sealed", key, () -> credentials.open(connection)));
    new DataKeys(database, vault).current(id);
    places.add(
        new Place(
            "data_key",
            row,
            "data_key",
            "sealed",
            key,
            () -> new DataKeys(database, vault).current(id)));
    RefreshAnswers.keep(database, vault, id);
    places.add(
        new Place(
            "refresh_answer",
            id + "/1",
            "token_refresh",
            "answer",
            key,
            () -> RefreshAnswers.takeUp(database, vault, id)));
  }

  private void session(int environment) {
    ConnectSessions sessions =
        new ConnectSessions(database, vault, URI.create("http://localhost/connect/"));
    SessionTerms terms = new SessionTerms(Json.object().put("note", "n"));
    String token =
        sessions.issue(new ConnectSessions.Draft(environment, null, null, false, terms)).token();
    String id = sessions.find(token).orElseThrow().id().toString();
    places.add(
        new Place(
            "connect_session",
            id,
            "connect_session",
            "sealed",
            "id = '" + id + "'",
            () -> sessions.find(token).orElseThrow()));
  }

  private void flow(int environment, long integration) {
    Flows flows = new Flows(database, vault);
    String state = flows.random();
    String cookie = flows.random();
    Attempt attempt =
        new Attempt(
            environment,
            "e",
            integration,
            "i",
            "c",
            new Right(true, false, false, null),
            null,
            new SessionTerms(Json.object()),
            Json.object(),
            List.of(),
            Map.of(),
            null,
            null);
    flows.began(
        state,
        cookie,
        new Flows.Flow(
            attempt,
            URI.create("http://localhost/oauth/callback"),
            Json.object().put("code_verifier", "v"),
            null));
    String row = HexFormat.of().formatHex(KeyHash.of(state));
    String key = "state = '\\x" + row + "'";
    places.add(
        new Place(
            "oauth_flow", row, "oauth_flow", "sealed", key, () -> take(flows, state, cookie, key)));
  }

  /** A flow that opens is taken out: it is put back for the next time. */
  private void take(Flows flows, String state, String cookie, String key) {
    String there =
        database.read(h ->
            h.createQuery("select to_json(f)::text from oauth_flow f where " + key)
                .mapTo(String.class)
                .one());
    if (!(flows.take(state, cookie) instanceof Flows.Taken.Flowing)) {
      throw new AssertionError("the flow was not there");
    }
    database.useTransaction(h ->
        h.execute(
            "insert into oauth_flow select * from json_populate_record(null::oauth_flow, ?::json)",
            there));
  }

  private long insert(String sql) {
    return database.inTransaction(
        h -> h.createQuery(sql + " returning id").mapTo(Long.class).one());
  }
}
