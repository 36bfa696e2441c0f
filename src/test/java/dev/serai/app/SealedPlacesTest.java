package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connection.RefreshAnswers;
import dev.serai.http.HttpAnswer;
import dev.serai.support.Marked;
import dev.serai.support.OAuthWorld;
import dev.serai.support.TestDatabase;
import dev.serai.vault.KeyRotation;
import dev.serai.vault.MasterKey;
import dev.serai.vault.SealedPlace;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Vault;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SealedPlacesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  /** Columns of bytes that the vault did not seal, and why not. */
  private static final Set<String> NOT_SEALED_BY_THE_VAULT =
      Set.of(
          "api_key.hash", // a hash of the key
          "record.hash", // of the payload
          "connect_session.hash", // of the token
          "oauth_flow.state", // a hash
          "oauth_flow.browser", // a hash of the cookie
          "flow_result.taker", // a hash of the token
          "webhook_address.ticket", // a hash
          "webhook_arrival.content", // plain; "sealed" stands beside it
          "record.watched", // a hash of watched fields
          "record.sealed", // by the connection's data key, as the next three
          "record_history.before_sealed",
          "record_history.after_sealed",
          "quarantine.sealed",
          "vault_key_wrapping.master", // the id of a master key
          "vault_key_wrapping.wrapped", // by a master key
          "vault_node.master");

  @Test
  void every_column_of_bytes_is_rotated_or_has_a_reason_not_to_be() {
    Set<String> known = new TreeSet<>(NOT_SEALED_BY_THE_VAULT);
    SealedPlaces.ALL.forEach(place -> known.add(place.name()));

    assertThat(columnsOfBytes()).allSatisfy(column -> assertThat(known).contains(column));
  }

  @Test
  void every_place_is_a_column_that_can_be_read_as_it_says() {
    for (SealedPlace place : SealedPlaces.ALL) {
      if (!place.passing()) {
        String query =
            "select %s as id, (%s)::text as identity, %s as sealed from %s"
                .formatted(place.id(), place.row(), place.column(), place.table());
        assertThat(
                postgres
                    .database()
                    .<List<?>>read(handle -> handle.createQuery(query).mapToMap().list()))
            .as(place.name())
            .isEmpty();
      }
    }
    assertThat(columnsOfBytes())
        .containsAll(SealedPlaces.ALL.stream().map(SealedPlace::name).toList());
  }

  @Test
  void an_answer_that_is_kept_until_it_is_understood_is_sealed_anew_too() {
    MasterKey master = MasterKey.parse(Marked.MASTER_KEY);
    try (OAuthWorld oauth = new OAuthWorld(postgres.database(), folder, "{margin: 1m}");
        StoredKeys before = new StoredKeys(postgres.database(), master, null);
        StoredKeys after = new StoredKeys(postgres.database(), master, null)) {
      oauth.integrate(postgres.environment());
      long connection = oauth.connect("kept", List.of()).id();
      RefreshAnswers.keep(postgres.database(), new Vault(before), connection);
      String sealed = answer();

      List<SealedPlace> answers =
          SealedPlaces.ALL.stream()
              .filter(place -> place.name().equals("token_refresh.answer"))
              .toList();
      new KeyRotation(postgres.database(), master, answers).rotate(10, line -> {});

      assertThat(answer()).isNotEqualTo(sealed);
      HttpAnswer understood =
          RefreshAnswers.takeUp(postgres.database(), new Vault(after), connection);
      assertThat(understood.status()).isEqualTo(200);
    }
  }

  private static String answer() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery("select encode(answer, 'hex') from token_refresh")
                .mapTo(String.class)
                .one());
  }

  private static List<String> columnsOfBytes() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    """
                    select c.relname || '.' || a.attname
                      from pg_attribute a join pg_class c on c.oid = a.attrelid
                     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                       and not c.relispartition and a.atttypid = 'bytea'::regtype
                       and a.attnum > 0 and not a.attisdropped
                     order by 1
                    """)
                .mapTo(String.class)
                .list());
  }
}
