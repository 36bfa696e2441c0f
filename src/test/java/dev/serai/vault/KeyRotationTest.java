package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeyRotationTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final MasterKey MASTER = master(1);
  private static final MasterKey NEXT = master(2);
  private static final List<SealedPlace> PLACES =
      List.of(SealedPlace.of("secret_note", "sealed", "id", "note", "id"));

  private final List<String> said = new ArrayList<>();
  private Database database;
  private StoredKeys keys;
  private Vault vault;

  @BeforeEach
  void empty() {
    database = postgres.database();
    database.useTransaction(handle -> {
      handle.execute("drop table if exists secret_note");
      handle.execute("create table secret_note (id bigint primary key, sealed bytea)");
    });
    become(null);
  }

  /** A rotation waits for nodes that tell what they seal with; most tests need none. */
  private void become(@Nullable String node) {
    keys = new StoredKeys(database, MASTER, node);
    vault = new Vault(keys);
  }

  @AfterEach
  void close() {
    keys.close();
  }

  @Test
  void two_nodes_that_seal_for_the_first_time_make_one_key() {
    Vault other = new Vault(new StoredKeys(database, MASTER, "node-2"));

    byte[] one = vault.seal("note", "1", "first");
    byte[] two = other.seal("note", "2", "second");

    assertThat(other.openText("note", "1", one)).isEqualTo("first");
    assertThat(vault.openText("note", "2", two)).isEqualTo("second");
    assertThat(count("vault_key")).isEqualTo(1);
  }

  @Test
  void another_master_key_opens_nothing_and_leaves_nothing_behind() {
    byte[] before = new Vault(MASTER).seal("note", "1", "older than data keys");
    Vault wrong = new Vault(new StoredKeys(database, NEXT, "node-2"));

    refused("other_encryption_key", () -> wrong.open("note", "1", before));
    assertThat(count("vault_key")).isZero();

    byte[] sealed = vault.seal("note", "1", "first");
    refused("other_encryption_key", () -> wrong.open("note", "1", sealed));
    refused("other_encryption_key", () -> wrong.seal("note", "1", "never"));
    assertThat(count("vault_key")).isEqualTo(1);
  }

  @Test
  void a_rotation_seals_everything_anew_and_old_envelopes_still_open() {
    write(1, 100, vault);
    write(101, 120, new Vault(MASTER));
    byte[] old = stored(1);
    rotation().rotate(7, said::add); // the first finishes what the master key had sealed itself

    KeyRotation.Rotated done = rotation().rotate(7, said::add);

    assertThat(done.resealed()).isEqualTo(120);
    assertThat(done.unreadable()).isZero();
    assertThat(uses()).containsExactly("1: 0", "2: 120 in force");
    allReadable(120, vault);
    assertThat(vault.openText("note", "1", old)).isEqualTo("secret 1");
  }

  @Test
  void a_rotation_that_died_goes_on_with_the_same_key() {
    write(1, 50, vault);
    assertThatThrownBy(() ->
            rotation()
                .rotate(
                    10,
                    line -> {
                      if (line.contains("20 sealed anew")) {
                        throw new IllegalStateException("killed");
                      }
                    }))
        .hasMessage("killed");
    assertThat(uses()).containsExactly("1: 30", "2: 20 in force");

    KeyRotation.Rotated done = rotation().rotate(10, said::add);

    assertThat(done.key()).isEqualTo("2");
    assertThat(done.resealed()).isEqualTo(30);
    assertThat(uses()).containsExactly("1: 0", "2: 50 in force");
  }

  @Test
  void a_value_that_does_not_open_is_named_and_left_alone() {
    write(1, 5, vault);
    byte[] moved = stored(2);
    store(3, moved);

    KeyRotation.Rotated done = rotation().rotate(2, said::add);

    assertThat(done.unreadable()).isEqualTo(1);
    assertThat(done.resealed()).isEqualTo(4);
    assertThat(stored(3)).isEqualTo(moved);
    assertThat(said).anyMatch(line -> line.startsWith("secret_note.sealed, row 3:"));
  }

  @Test
  void a_value_that_opens_no_more_keeps_no_later_key_from_coming_or_going() {
    write(1, 5, vault);
    store(3, stored(2));
    rotation().rotate(2, said::add);

    KeyRotation.Rotated again = rotation().rotate(2, said::add);

    assertThat(again.key()).isEqualTo("3");
    assertThat(again.resealed()).isEqualTo(4);
    assertThat(again.unreadable()).isEqualTo(1);
    assertThat(uses()).containsExactly("1: 1", "2: 0", "3: 4 in force");
    keys.close();
    assertThat(retirement(Duration.ZERO).retire(1)).isEqualTo(1);
    assertThat(retirement(Duration.ZERO).retire(2)).isZero();
    assertThat(rotation().rotate(2, said::add).key()).isEqualTo("4");
  }

  @Test
  void a_value_of_a_strange_master_key_keeps_ours_from_nothing() {
    write(1, 2, vault);
    store(3, new Vault(NEXT).seal("note", "3", "of another database"));

    assertThat(retirement(Duration.ZERO).changeMaster(NEXT)).isEqualTo(1);
  }

  @Test
  void values_that_open_no_more_are_named_and_emptied_once() {
    write(1, 4, vault);
    store(3, stored(2));
    Leftovers leftovers = new Leftovers(database, MASTER, PLACES);

    List<Leftovers.Unreadable> found = leftovers.unreadable();

    assertThat(found)
        .singleElement()
        .asString()
        .startsWith("secret_note.sealed, row 3: A sealed secret was changed or belongs to another");
    assertThat(leftovers.clear(found)).isEqualTo(1);
    assertThat(leftovers.clear(found)).isZero();
    assertThat(stored(3)).isEmpty();
    assertThat(leftovers.unreadable()).isEmpty();
    refused("unsealing_failed", () -> vault.open("note", "3", stored(3)));
    assertThat(rotation().rotate(2, said::add).unreadable()).isZero();
    assertThat(uses()).containsExactly("1: 0", "2: 3 in force");
  }

  @Test
  void with_another_master_key_nothing_is_taken_for_unreadable() {
    write(1, 4, vault);

    refused("other_encryption_key", () -> new Leftovers(database, NEXT, PLACES).unreadable());
  }

  @Test
  void a_value_that_changes_during_its_turn_keeps_the_newer_secret() {
    write(1, 3, vault);

    rotation()
        .rotate(
            1,
            line -> {
              if (line.endsWith("1 sealed anew")) {
                store(2, vault.seal("note", "2", "newer"));
              }
            });

    assertThat(vault.openText("note", "2", stored(2))).isEqualTo("newer");
    assertThat(uses()).containsExactly("1: 0", "2: 3 in force");
  }

  @Test
  void a_node_that_missed_the_rotation_opens_what_the_new_key_sealed() {
    write(1, 3, vault);
    Vault elsewhere = new Vault(new StoredKeys(database, MASTER, null));
    assertThat(elsewhere.openText("note", "1", stored(1))).isEqualTo("secret 1");

    rotation().rotate(10, said::add);

    allReadable(3, elsewhere);
  }

  @Test
  void a_rotation_waits_for_the_nodes_that_run() {
    become("node-1");
    keys.follow();
    write(1, 3, vault);

    rotation().rotate(10, said::add);

    assertThat(said).contains("Waiting for nodes to follow: node-1");
    assertThat(vault.seal("note", "9", "x")[4]).as("the key it seals with").isEqualTo((byte) 2);
  }

  @Test
  void a_key_in_force_or_in_use_or_replaced_just_now_is_not_retired() {
    write(1, 3, vault);
    refused("key_in_use", () -> retirement(Duration.ZERO).retire(1));
    byte[] late = stored(2);
    keys.close();
    rotation().rotate(10, said::add);
    store(2, late);
    refused("key_in_use", () -> retirement(Duration.ZERO).retire(1));
    rotation().rotate(10, said::add);
    refused("key_in_use", () -> retirement(Duration.ofMinutes(10)).retire(1));

    retirement(Duration.ZERO).retire(1);

    assertThat(uses()).containsExactly("2: 3 in force");
    refused(
        "other_encryption_key",
        () -> new Vault(new StoredKeys(database, MASTER, null)).open("note", "2", late));
  }

  @Test
  void a_key_that_a_running_node_still_seals_with_is_not_retired() {
    become("node-1");
    write(1, 3, vault);
    database.useTransaction(
        handle -> handle.execute("update vault_key set state = 'replaced', replaced_at = 'epoch'"));
    database.useTransaction(handle -> handle.execute("delete from secret_note"));

    refused("key_in_use", () -> retirement(Duration.ZERO).retire(1));
  }

  @Test
  void the_master_key_changes_while_nodes_of_both_run() {
    become("node-1");
    write(1, 20, vault);
    refused("key_in_use", () -> nextRetirement().retireMasters());

    retirement(Duration.ZERO).changeMaster(NEXT);
    Vault next = new Vault(new StoredKeys(database, NEXT, "node-2"));

    allReadable(20, vault);
    allReadable(20, next);
    store(21, next.seal("note", "21", "secret 21"));
    assertThat(vault.openText("note", "21", stored(21))).isEqualTo("secret 21");
    refused("master_change_unfinished", () -> rotation().rotate(10, said::add));
    refused("key_in_use", () -> nextRetirement().retireMasters());

    keys.close();
    assertThat(nextRetirement().retireMasters()).isEqualTo(1);
    allReadable(21, next);
    refused(
        "other_encryption_key",
        () -> new Vault(new StoredKeys(database, MASTER, null)).open("note", "1", stored(1)));
  }

  @Test
  void a_node_that_has_sealed_nothing_yet_keeps_its_master_key() {
    write(1, 2, vault);
    retirement(Duration.ZERO).changeMaster(NEXT);
    StoredKeys idle = new StoredKeys(database, MASTER, "idle");
    assertThat(new Vault(idle).openText("note", "1", stored(1))).isEqualTo("secret 1");

    refused("key_in_use", () -> nextRetirement().retireMasters());

    idle.close();
    assertThat(nextRetirement().retireMasters()).isEqualTo(1);
  }

  @Test
  void a_node_tells_which_master_key_it_runs_with_from_its_start_on() {
    write(1, 2, vault);
    retirement(Duration.ZERO).changeMaster(NEXT);
    try (StoredKeys idle = new StoredKeys(database, MASTER, "idle").follow()) {
      await().atMost(Duration.ofSeconds(20)).until(() -> count("vault_node") == 1);

      refused("key_in_use", () -> nextRetirement().retireMasters());
      assertThat(rotationOf("idle")).as("it holds no rotation up").isEmpty();
    }
    assertThat(count("vault_node")).isZero();
  }

  private List<String> rotationOf(String node) {
    return database.read(handle -> new KeyRotationStore().behind(handle, 7)).stream()
        .filter(node::equals)
        .toList();
  }

  @Test
  void values_that_a_master_key_sealed_itself_keep_it_from_being_changed() {
    write(1, 2, vault);
    write(3, 3, new Vault(MASTER));

    refused("key_in_use", () -> retirement(Duration.ZERO).changeMaster(NEXT));

    rotation().rotate(10, said::add);
    assertThat(retirement(Duration.ZERO).changeMaster(NEXT)).isEqualTo(1);
  }

  private KeyRotation rotation() {
    return new KeyRotation(database, MASTER, PLACES);
  }

  private KeyRetirement retirement(Duration kept) {
    return new KeyRetirement(database, MASTER, PLACES, kept);
  }

  private KeyRetirement nextRetirement() {
    return new KeyRetirement(database, NEXT, PLACES);
  }

  private List<String> uses() {
    return new KeyUses(database, PLACES)
        .list().stream()
            .map(key -> key.name() + ": " + key.total() + (key.active() ? " in force" : ""))
            .toList();
  }

  private void write(long from, long to, Vault sealing) {
    for (long id = from; id <= to; id++) {
      store(id, sealing.seal("note", Long.toString(id), "secret " + id));
    }
  }

  private void store(long id, byte[] sealed) {
    database.useTransaction(handle ->
        handle
            .createUpdate(
                "insert into secret_note values (:id, :sealed) on conflict (id) do update set sealed = :sealed")
            .bind("id", id)
            .bind("sealed", sealed)
            .execute());
  }

  private byte[] stored(long id) {
    return database.read(handle ->
        handle
            .createQuery("select sealed from secret_note where id = :id")
            .bind("id", id)
            .mapTo(byte[].class)
            .one());
  }

  private void allReadable(long to, Vault reading) {
    for (long id = 1; id <= to; id++) {
      assertThat(reading.openText("note", Long.toString(id), stored(id))).isEqualTo("secret " + id);
    }
  }

  private long count(String table) {
    return database.read(
        handle -> handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static MasterKey master(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return MasterKey.parse(Base64.getEncoder().encodeToString(bytes));
  }
}
