package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.connection.Connections.Imported;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final ConnectionChange NOTHING =
      new ConnectionChange(null, null, null, null, null);
  private static final Credentials KEY = new Credentials.ApiKey("secret-1");

  private final List<String> heard = new ArrayList<>();
  private IntegrationStore integrations;
  private ConnectionStore store;
  private CredentialVault vault;
  private Connections connections;
  private Integration helpdesk;

  @BeforeEach
  void start() {
    integrations = new IntegrationStore(postgres.database());
    store = new ConnectionStore(postgres.database());
    vault = new CredentialVault(postgres.database(), new Vault(MasterKey.parse(Marked.MASTER_KEY)));
    connections = connections(new Listener());
    helpdesk =
        integrations
            .create(
                postgres.environment(),
                new Draft("hd", "helpdesk", null, Json.object(), Json.object(), true))
            .orElseThrow();
  }

  @Test
  void credentials_come_back_as_they_were_given_and_stand_nowhere_in_the_clear() {
    long id = create("ann").id();

    assertThat(vault.stored(id).credentials()).isEqualTo(KEY);
    String stored =
        postgres
            .database()
            .read(h ->
                h.createQuery("select encode(sealed, 'escape') from credential")
                    .mapTo(String.class)
                    .one());
    assertThat(stored).doesNotContain("secret-1");
  }

  @Test
  void a_sealed_credential_that_is_copied_to_another_connection_opens_nothing() {
    long ann = create("ann").id();
    long bob = create("bob").id();
    postgres
        .database()
        .useTransaction(h ->
            h.execute(
                "update credential set sealed = (select sealed from credential where connection = ?)"
                    + " where connection = ?",
                ann,
                bob));

    assertThatThrownBy(() -> vault.stored(bob)).isInstanceOf(SeraiException.class);
  }

  @Test
  void listeners_hear_of_a_creation_once_and_of_each_override() {
    create("ann");
    Imported again = connections.put(helpdesk, "ann", Offered.of(new Credentials.None()), NOTHING);

    assertThat(again).isInstanceOf(Imported.Overridden.class);
    assertThat(heard).containsExactly("created ann", "overridden ann");
  }

  @Test
  void a_listener_that_fails_leaves_no_connection() {
    Connections failing =
        connections(
            new ConnectionListener() {
              @Override
              public void created(Handle transaction, Connection connection) {
                throw new IllegalStateException("no syncs today");
              }

              @Override
              public void deleted(Handle transaction, Connection connection) {}
            });

    assertThatThrownBy(() -> failing.put(helpdesk, "ann", Offered.of(KEY), NOTHING))
        .hasMessage("no syncs today");
    assertThat(connections.find(helpdesk, "ann")).isEmpty();
  }

  @Test
  void deleting_drops_the_credentials_with_the_connection() {
    long id = create("ann").id();

    assertThat(connections.delete(helpdesk, "ann")).isTrue();
    assertThat(connections.delete(helpdesk, "ann")).isFalse();

    assertThatThrownBy(() -> vault.stored(id)).hasMessageContaining("deleted");
    assertThat(store.find(id)).isEmpty();
    assertThat(heard).containsExactly("created ann", "deleted ann");
  }

  @Test
  void deleting_an_integration_deletes_its_connections_and_frees_its_key() {
    create("ann");
    create("bob");

    connections.deleteIntegration(helpdesk);

    assertThat(heard).endsWith("deleted ann", "deleted bob");
    assertThat(integrations.find(helpdesk.environment(), "hd")).isEmpty();
    assertThat(connections.put(helpdesk, "cid", Offered.of(KEY), NOTHING))
        .isInstanceOf(Imported.NoIntegration.class);
    assertThat(
            integrations.create(
                helpdesk.environment(),
                new Draft("hd", "helpdesk", null, Json.object(), Json.object(), true)))
        .isPresent();
  }

  @Test
  void an_integration_with_connections_keeps_its_key() {
    create("ann");

    assertThat(
            integrations.update(
                helpdesk.id(),
                new Draft("new", "helpdesk", null, Json.object(), Json.object(), true)))
        .isEmpty();
  }

  @Test
  void many_who_import_the_same_id_at_once_make_one_connection() throws Exception {
    List<Callable<Imported>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> connections.put(helpdesk, "ann", Offered.of(KEY), NOTHING));
    }

    int created = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Imported> call : threads.invokeAll(calls)) {
        created += call.get() instanceof Imported.Created ? 1 : 0;
      }
    }

    assertThat(created).isEqualTo(1);
    assertThat(heard).filteredOn("created ann"::equals).hasSize(1);
    assertThat(heard).filteredOn("overridden ann"::equals).hasSize(7);
  }

  @Test
  void another_address_is_another_account_and_so_is_one_that_is_not_named_any_more() {
    Connections placed =
        new Connections(
            postgres.database(),
            integrations,
            store,
            vault,
            List.of(),
            going -> {},
            there -> there.config().path("url").asText(""));
    Connections.Right browser = new Connections.Right(true, true, false, null);
    put(placed, "https://a.example", "ann", browser);

    assertThat(put(placed, "https://b.example", "ann", browser))
        .isInstanceOfSatisfying(
            Imported.OtherAccount.class,
            other -> {
              assertThat(other.there()).isEqualTo("ann at https://a.example");
              assertThat(other.offered()).isEqualTo("ann at https://b.example");
            });
    assertThat(put(placed, "https://a.example", null, browser))
        .isInstanceOf(Imported.OtherAccount.class);
    assertThat(put(placed, "https://a.example", null, Connections.Right.backend(false)))
        .as("a backend knows its customers")
        .isInstanceOf(Imported.Overridden.class);
    assertThat(put(placed, "https://a.example", "ann", browser))
        .isInstanceOf(Imported.Overridden.class);
  }

  private Imported put(Connections placed, String url, String account, Connections.Right right) {
    return placed.put(
        helpdesk,
        "placed",
        new Offered(KEY, Json.object(), account),
        new ConnectionChange(null, null, null, Json.object().put("url", url), null),
        right);
  }

  @Test
  void the_tenant_is_the_organisation_else_the_end_user_else_the_connection() {
    ConnectionChange user =
        new ConnectionChange(new EndUser("u1", null, null, null), null, null, null, null);
    ConnectionChange organisation =
        new ConnectionChange(
            new EndUser("u1", null, null, null),
            Json.object().put("organization_id", "o1"),
            null,
            null,
            null);

    assertThat(create("ann").tenant()).isEqualTo("connection " + helpdesk.id() + "/ann");
    connections.change(helpdesk, "ann", user);
    assertThat(tenant("ann")).isEqualTo("user u1");
    connections.change(helpdesk, "ann", organisation);
    assertThat(tenant("ann")).isEqualTo("organization o1");
  }

  private String tenant(String id) {
    return connections.find(helpdesk, id).orElseThrow().connection().tenant();
  }

  private Connection create(String id) {
    return ((Imported.Created) connections.put(helpdesk, id, Offered.of(KEY), NOTHING))
        .details()
        .connection();
  }

  private Connections connections(ConnectionListener listener) {
    return new Connections(postgres.database(), integrations, store, vault, List.of(listener));
  }

  private final class Listener implements ConnectionListener {
    @Override
    public void created(Handle transaction, Connection connection) {
      synchronized (heard) {
        heard.add("created " + connection.connectionId());
      }
    }

    @Override
    public void overridden(Handle transaction, Connection connection) {
      synchronized (heard) {
        heard.add("overridden " + connection.connectionId());
      }
    }

    @Override
    public void deleted(Handle transaction, Connection connection) {
      heard.add("deleted " + connection.connectionId());
    }
  }
}
