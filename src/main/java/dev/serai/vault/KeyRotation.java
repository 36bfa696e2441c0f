package dev.serai.vault;

import dev.serai.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the vault's key while everything runs. {@link #rotate} puts a new data key in force and
 * seals anew what older ones sealed, value by value: each swap is one statement that takes effect
 * only if the value is still the one that was opened, so a reader finds the old or the new envelope
 * and can open both. Every value names its key, so whoever begins again goes on where the last one
 * died; no progress is kept elsewhere.
 *
 * <p>Taking keys away, and changing the master key, is {@link KeyRetirement}'s.
 */
public final class KeyRotation {
  private static final Duration NODES_FOLLOW = Duration.ofSeconds(60);

  private final Database database;
  private final Wrapping wrapping;
  private final StoredKeys ring;
  private final Vault vault;
  private final List<SealedPlace> places;
  private final VaultKeyStore keys;
  private final KeyRotationStore store = new KeyRotationStore();
  private final SealedPlaceStore values;
  private final Leftovers leftovers;

  public KeyRotation(Database database, MasterKey master, List<SealedPlace> places) {
    this.database = database;
    this.wrapping = new Wrapping(master);
    this.ring = new StoredKeys(database, master, null);
    this.vault = new Vault(ring);
    this.places = List.copyOf(places);
    this.keys = new VaultKeyStore(database);
    this.values = new SealedPlaceStore(database);
    this.leftovers = new Leftovers(database, master, places);
  }

  /**
   * @param unreadable values that no key opened for their row; they were left as they are
   */
  public record Rotated(String key, long resealed, long unreadable) {}

  /**
   * Puts a new key in force, unless an earlier rotation was left unfinished, and seals anew what
   * other keys sealed.
   *
   * @param batch values read at a time
   * @param say gets a line now and then
   */
  public Rotated rotate(int batch, Consumer<String> say) {
    int key = inForce(say);
    ring.ask();
    awaitNodes(key, say);
    long resealed = 0;
    long unreadable;
    long pass;
    do {
      pass = 0;
      unreadable = 0;
      for (SealedPlace place : places) {
        if (!place.passing()) {
          long[] done = reseal(place, SealingKey.dataKeyName(key), batch, say);
          pass += done[0];
          unreadable += done[1];
        }
      }
      resealed += pass;
    } while (pass > 0);
    return new Rotated(Integer.toString(key), resealed, unreadable);
  }

  private int inForce(Consumer<String> say) {
    ring.current(); // makes the first one
    return database.inTransaction(handle -> {
      store.lock(handle);
      List<KeyRotationStore.Key> all = store.keys(handle);
      KeyRotationStore.Key active =
          all.stream().filter(KeyRotationStore.Key::active).findFirst().orElseThrow();
      if (active.masters().size() > 1) {
        throw new VaultException(
            "master_change_unfinished",
            "The master key is being changed: start every node with the new one, then run 'serai keys retire --master'");
      }
      // What opens no more is left over for ever: it is no reason to make no new key.
      byte[] name = SealingKey.dataKeyName(active.id());
      if (leftovers.opens(SealedPlaceStore.Which.NOT_BY, name).isPresent()) {
        say.accept("Key %d is in force already; going on".formatted(active.id()));
        return active.id();
      }
      int made = keys.replace(handle, wrapping.master(), id -> wrapping.wrap(id, Wrapping.fresh()));
      say.accept("Key %d is in force, key %d opens only".formatted(made, active.id()));
      return made;
    });
  }

  /** Until every running node seals with the key; one that does not follow is passed over again. */
  private void awaitNodes(int key, Consumer<String> say) {
    long end = System.nanoTime() + NODES_FOLLOW.toNanos();
    List<String> behind = database.read(handle -> store.behind(handle, key));
    if (!behind.isEmpty()) {
      say.accept("Waiting for nodes to follow: " + String.join(", ", behind));
    }
    while (!behind.isEmpty() && System.nanoTime() < end) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new VaultException("interrupted", "Interrupted; run the command again to go on");
      }
      behind = database.read(handle -> store.behind(handle, key));
    }
  }

  private long[] reseal(SealedPlace place, byte[] name, int batch, Consumer<String> say) {
    long swapped = 0;
    long unreadable = 0;
    @Nullable String after = null;
    for (var others = values.others(place, name, after, batch);
        !others.isEmpty();
        others = values.others(place, name, after, batch)) {
      if (!ring.current().isNamed(name)) {
        throw new VaultException(
            "rotation_overtaken", "Another rotation has put a newer key in force; it goes on");
      }
      for (SealedPlaceStore.Value value : others) {
        try {
          byte[] secret = vault.open(place.purpose(), value.row(), value.sealed());
          if (values.swap(place, value, vault.seal(place.purpose(), value.row(), secret))) {
            swapped++;
          }
        } catch (VaultException e) {
          unreadable++;
          say.accept("%s, row %s: %s".formatted(place.name(), value.id(), e.getMessage()));
        }
        after = value.id();
      }
      say.accept("%s: %,d sealed anew".formatted(place.name(), swapped));
    }
    return new long[] {swapped, unreadable};
  }
}
