package dev.serai.vault;

import dev.serai.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values that were sealed by a key that is to go, and those that open no more by any: somebody
 * changed or moved them, or their key is gone. The latter are nobody's use of a key. Thread-safe.
 */
public final class Leftovers {
  private static final int BATCH = 500;
  private static final byte[] NO_KEY = new byte[SealingKey.NAME];

  private final Vault vault;
  private final StoredKeys ring;
  private final List<SealedPlace> places;
  private final SealedPlaceStore values;

  public Leftovers(Database database, MasterKey master, List<SealedPlace> places) {
    this.ring = new StoredKeys(database, master, null);
    this.vault = new Vault(ring);
    this.places = places.stream().filter(place -> !place.passing()).toList();
    this.values = new SealedPlaceStore(database);
  }

  /**
   * A value that opens by no key.
   *
   * @param why without anything of the value
   */
  public record Unreadable(SealedPlace place, String row, String why, byte[] sealed) {
    @Override
    public String toString() {
      return "%s, row %s: %s".formatted(place.name(), row, why);
    }
  }

  /** Where one of these values stands that still opens; empty: none does. */
  Optional<String> opens(SealedPlaceStore.Which which, byte[] name) {
    for (SealedPlace place : places) {
      for (var some = values.values(place, which, name, null, BATCH);
          !some.isEmpty();
          some = values.values(place, which, name, some.getLast().id(), BATCH)) {
        if (some.stream().anyMatch(value -> why(place, value) == null)) {
          return Optional.of(place.name());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Every value that opens no more.
   *
   * @throws VaultException if this is not the master key of this database: then nothing would open
   */
  public List<Unreadable> unreadable() {
    ring.ask();
    List<Unreadable> all = new ArrayList<>();
    for (SealedPlace place : places) {
      var which = SealedPlaceStore.Which.NOT_BY;
      for (var some = values.values(place, which, NO_KEY, null, BATCH);
          !some.isEmpty();
          some = values.values(place, which, NO_KEY, some.getLast().id(), BATCH)) {
        for (SealedPlaceStore.Value value : some) {
          String why = why(place, value);
          if (why != null) {
            all.add(new Unreadable(place, value.id(), why, value.sealed()));
          }
        }
      }
    }
    return all;
  }

  private @Nullable String why(SealedPlace place, SealedPlaceStore.Value value) {
    try {
      byte[] opened = vault.open(place.purpose(), value.row(), value.sealed());
      return opened == null ? "" : null;
    } catch (VaultException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Empties these values where they are still the same. Their rows stay, and go on being refused as
   * before: an empty value opens no more than they did, and no signature is waived for its lack.
   *
   * @return how many are empty now
   */
  public long clear(List<Unreadable> unreadable) {
    return unreadable.stream()
        .filter(each ->
            values.swap(
                each.place(),
                new SealedPlaceStore.Value(each.row(), each.row(), each.sealed()),
                new byte[0]))
        .count();
  }
}
