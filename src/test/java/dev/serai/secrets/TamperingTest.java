package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.Json;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connection;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.DataKeys;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.connect.SessionTerms;
import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import dev.serai.vault.DataKey;
import dev.serai.vault.MasterKey;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Vault;
import dev.serai.vault.VaultException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing that was sealed opens after one bit of it was changed, or in another row's place. */
class TamperingTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final int ROWS = 3;
  private static final int TAMPERED = 10_000;

  /**
   * A sealed value where it stands, and the way Serai opens it there.
   *
   * @param key the condition that finds its row
   */
  private record Place(
      String purpose, String row, String table, String column, String key, Runnable opening) {
    byte[] stored(Database database) {
      return database.read(h ->
          h.createQuery("select %s from %s where %s".formatted(column, table, key))
              .mapTo(byte[].class)
              .one());
    }

    void store(Database database, byte @Nullable [] sealed) {
      database.useTransaction(h ->
          h.createUpdate("update %s set %s = :sealed where %s".formatted(table, column, key))
              .bind("sealed", sealed)
              .execute());
    }
  }

  private final List<Place> places = new ArrayList<>();
  private final Random random = new Random(4);
  private Database database;
  private Vault vault;

  @BeforeEach
  void seal() {
    database = postgres.database();
    MasterKey master = MasterKey.parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    vault = new Vault(new StoredKeys(database, master, null));
    for (int i = 1; i <= ROWS; i++) {
      environment("env" + i);
      long integration = integration(i);
      connection(integration, i);
      session(i);
    }
    assertThat(places).hasSize(6 * ROWS).allSatisfy(place -> place.opening().run());
  }

  private void environment(String name) {
    EnvironmentStore environments = new EnvironmentStore(database);
    int id =
        environments
            .ensure(name, uuid -> vault.seal("webhook_signing_key", uuid.toString(), "key-" + name))
            .id();
    UUID uuid = environments.get(id).uuid();
    places.add(
        new Place(
            "webhook_signing_key",
            uuid.toString(),
            "environment",
            "webhook_signing_key",
            "id = " + id,
            () -> {
              EnvironmentStore.SealedSigningKey key = environments.signingKey(id);
              vault.openText("webhook_signing_key", key.environment().toString(), key.sealed());
            }));
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

  private long insert(String sql) {
    return database.inTransaction(
        h -> h.createQuery(sql + " returning id").mapTo(Long.class).one());
  }

  @Test
  void ten_thousand_changed_values_are_refused_by_the_vault_and_by_data_keys() {
    DataKey payloads = new DataKey(7, DataKey.fresh());
    byte[] context = "record 1 2 3".getBytes(StandardCharsets.US_ASCII);
    byte[] payload = "{\"id\":\"1\"}".getBytes(StandardCharsets.US_ASCII);
    byte[] sealedPayload = payloads.seal(context, payload, 0, payload.length);
    List<byte[]> stored = places.stream().map(place -> place.stored(database)).toList();
    int refused = 0;
    for (int i = 0; i < TAMPERED; i++) {
      int at = i % (places.size() + 1);
      if (at == places.size()) {
        refused += refuses(() -> payloads.open(context, tampered(sealedPayload)));
      } else {
        Place place = places.get(at);
        byte[] changed = tampered(stored.get(at));
        refused += refuses(() -> vault.open(place.purpose(), place.row(), changed));
      }
    }

    System.out.printf("tampering: %,d of %,d changed values refused%n", refused, TAMPERED);
    assertThat(refused).isEqualTo(TAMPERED);
    assertThat(payloads.open(context, sealedPayload)).isEqualTo(payload);
  }

  private static int refuses(Runnable opening) {
    try {
      opening.run();
      return 0;
    } catch (VaultException refusal) {
      return 1;
    }
  }

  /** One to three bits, or an end that is missing or added. */
  private byte[] tampered(byte[] sealed) {
    int way = random.nextInt(20);
    if (way == 0) {
      return Arrays.copyOf(sealed, random.nextInt(sealed.length));
    }
    if (way == 1) {
      return Arrays.copyOf(sealed, sealed.length + 1 + random.nextInt(16));
    }
    byte[] changed = sealed.clone();
    for (int i = 0; i <= way % 3; i++) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return Arrays.equals(changed, sealed) ? tampered(sealed) : changed;
  }

  @Test
  void whoever_changes_a_stored_value_is_found_out_by_those_who_use_it() {
    int refused = 0;
    for (Place place : places) {
      byte[] right = place.stored(database);
      for (int i = 0; i < 20; i++) {
        place.store(database, tampered(right));
        assertRefused(place);
        refused++;
      }
      place.store(database, right);
      place.opening().run();
    }
    System.out.printf("tampering: %,d changed values refused by the stores%n", refused);
  }

  @Test
  void a_value_opens_in_no_place_but_its_own() {
    int refused = 0;
    for (Place place : places) {
      byte[] right = place.stored(database);
      for (Place other : places) {
        if (other != place) {
          place.store(database, other.stored(database));
          assertRefused(place);
          refused++;
        }
      }
      place.store(database, right);
      place.opening().run();
    }
    System.out.printf("tampering: %,d swapped rows refused by the stores%n", refused);
    assertThat(refused).isEqualTo(places.size() * (places.size() - 1));
  }

  private static void assertRefused(Place place) {
    assertThatThrownBy(() -> place.opening().run())
        .as("%s.%s", place.table(), place.column())
        .isInstanceOf(VaultException.class);
  }
}
