package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.app.SealedPlaces;
import dev.serai.database.Database;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.DataKey;
import dev.serai.vault.KeyRotation;
import dev.serai.vault.MasterKey;
import dev.serai.vault.SealedPlace;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Vault;
import dev.serai.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing that was sealed opens after one bit of it was changed, or in another row's place. */
class TamperingTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final MasterKey MASTER = MasterKey.parse(Marked.MASTER_KEY);
  private static final int ROWS = 3;
  private static final int TAMPERED = 10_000;

  private final Random random = new Random(4);
  private Database database;
  private Vault vault;
  private List<Place> places;

  @BeforeEach
  void seal() {
    database = postgres.database();
    vault = new Vault(new StoredKeys(database, MASTER, null));
    SealedRows rows = new SealedRows(database, vault);
    for (int i = 1; i <= ROWS; i++) {
      rows.add(i);
    }
    places = rows.places();
    assertThat(places).allSatisfy(place -> place.opening().run());
  }

  @Test
  void every_column_that_the_vault_seals_is_tampered_with_here() {
    Map<String, Long> rows =
        places.stream()
            .collect(
                Collectors.groupingBy(
                    place -> place.table() + "." + place.column(), Collectors.counting()));
    assertThat(rows.keySet())
        .containsExactlyInAnyOrderElementsOf(
            SealedPlaces.ALL.stream().map(SealedPlace::name).toList());
    assertThat(rows.values()).containsOnly((long) ROWS);
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

  /** What a vault's key is wrapped as, in its own row. */
  private static Place wrapping(Runnable opening, int key) {
    return new Place("", "", "vault_key_wrapping", "wrapped", "vault_key = " + key, opening);
  }

  @Test
  void a_wrapped_key_that_was_changed_or_swapped_opens_nothing() {
    byte[] first = vault.seal("note", "1", "sealed by the first key");
    new KeyRotation(database, MASTER, List.of()).rotate(10, line -> {});
    byte[] second = new Vault(new StoredKeys(database, MASTER, null)).seal("note", "1", "second");
    List<Integer> keys =
        database.read(h ->
            h.createQuery("select vault_key from vault_key_wrapping order by 1")
                .mapTo(Integer.class)
                .list());
    assertThat(keys).hasSize(2);
    // A vault that has just started: it knows no key yet.
    Place one = wrapping(() -> fresh().open("note", "1", first), keys.get(0));
    Place two = wrapping(() -> fresh().open("note", "1", second), keys.get(1));
    Place sealing = wrapping(() -> fresh().seal("note", "1", "never"), keys.get(1));
    List.of(one, two, sealing).forEach(place -> place.opening().run());
    int refused = 0;
    for (Place place : List.of(one, two, sealing)) {
      byte[] right = place.stored(database);
      for (int i = 0; i < 200; i++) {
        place.store(database, tampered(right));
        assertRefused(place);
        refused++;
      }
      place.store(database, right);
      place.opening().run();
    }
    byte[] ofOne = one.stored(database);
    one.store(database, two.stored(database));
    two.store(database, ofOne);
    List.of(one, two, sealing).forEach(TamperingTest::assertRefused);
    System.out.printf("tampering: %,d changed and 3 swapped wrapped keys refused%n", refused);
  }

  private Vault fresh() {
    return new Vault(new StoredKeys(database, MASTER, null));
  }
}
