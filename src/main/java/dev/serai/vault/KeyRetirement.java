package dev.serai.vault;

import dev.serai.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Changes the master key, and takes away keys that nobody uses any more. What is still in use is
 * refused, with who uses it. Thread-safe.
 */
public final class KeyRetirement {
  /** How long a replaced key is kept at least: a writer that was stopped may still hold it. */
  public static final Duration KEPT = Duration.ofMinutes(10);

  private final Database database;
  private final Wrapping wrapping;
  private final KeyUses uses;
  private final Leftovers leftovers;
  private final Set<String> passing;
  private final VaultKeyStore keys;
  private final KeyRotationStore store = new KeyRotationStore();
  private final Duration kept;

  public KeyRetirement(Database database, MasterKey master, List<SealedPlace> places) {
    this(database, master, places, KEPT);
  }

  KeyRetirement(Database database, MasterKey master, List<SealedPlace> places, Duration kept) {
    this.database = database;
    this.wrapping = new Wrapping(master);
    this.uses = new KeyUses(database, places);
    this.leftovers = new Leftovers(database, master, places);
    this.passing =
        places.stream()
            .filter(SealedPlace::passing)
            .map(SealedPlace::name)
            .collect(Collectors.toSet());
    this.keys = new VaultKeyStore(database);
    this.kept = kept;
  }

  /** Wraps every data key by another master key too, so that nodes may run with either. */
  public int changeMaster(MasterKey next) {
    Wrapping other = new Wrapping(next);
    return database.inTransaction(handle -> {
      store.lock(handle);
      refuseMasterSealed();
      List<VaultKeyStore.Wrapped> all = keys.all(handle, wrapping.master());
      for (VaultKeyStore.Wrapped key : all) {
        keys.wrap(handle, key.id(), other.master(), other.wrap(key.id(), wrapping.unwrap(key)));
      }
      return all.size();
    });
  }

  private void refuseMasterSealed() {
    byte[] kind = {SealingKey.MASTER};
    leftovers
        .opens(SealedPlaceStore.Which.OF_KIND, kind)
        .ifPresent(place -> {
          throw new VaultException(
              "key_in_use",
              "Values are still sealed by the master key itself (%s): run 'serai keys rotate' first"
                  .formatted(place));
        });
  }

  /**
   * Takes a replaced key away for good; answers how many values it leaves behind that it did not
   * open any more either.
   */
  public long retire(int key) {
    return database.inTransaction(handle -> {
      store.lock(handle);
      long replaced =
          store
              .secondsReplaced(handle, key)
              .orElseThrow(() ->
                  new VaultException(
                      "key_in_use",
                      "Key %d is in force or does not exist: see 'serai keys list'"
                          .formatted(key)));
      List<String> users = store.users(handle, key);
      byte[] name = SealingKey.dataKeyName(key);
      Map<String, Long> used = uses.byKey(handle).getOrDefault(KeyUses.hex(name), new TreeMap<>());
      boolean opens =
          used.keySet().stream().anyMatch(passing::contains)
              || leftovers.opens(SealedPlaceStore.Which.BY, name).isPresent();
      if (opens || !users.isEmpty()) {
        throw new VaultException(
            "key_in_use",
            "Key %d is still in use (%s): run 'serai keys rotate', then try again"
                .formatted(key, opens ? used : "nodes " + users));
      }
      if (replaced < kept.toSeconds()) {
        throw new VaultException(
            "key_in_use",
            "Key %d was replaced %d s ago; a writer may still hold it: try again after %d s"
                .formatted(key, replaced, kept.toSeconds()));
      }
      store.delete(handle, key);
      return used.values().stream().mapToLong(Long::longValue).sum();
    });
  }

  /** Keeps this master key alone; answers how many wrappings by others are gone. */
  public int retireMasters() {
    return database.inTransaction(handle -> {
      store.lock(handle);
      List<String> elsewhere = store.elsewhere(handle, wrapping.master());
      if (!elsewhere.isEmpty()) {
        throw new VaultException(
            "key_in_use",
            "Nodes still run with another master key: %s; restart them with this one"
                .formatted(String.join(", ", elsewhere)));
      }
      if (store.notWrappedBy(handle, wrapping.master()) > 0) {
        throw new VaultException(
            "key_in_use",
            "Not every key is wrapped by this master key: run 'serai keys rotate --master' first");
      }
      return store.forgetOtherMasters(handle, wrapping.master());
    });
  }
}
