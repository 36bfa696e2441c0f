package dev.serai.vault;

import dev.serai.database.Database;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Which key sealed how many of the stored values, counted when it is asked for. Thread-safe. */
public final class KeyUses {
  private final Database database;
  private final List<SealedPlace> places;
  private final KeyRotationStore store = new KeyRotationStore();
  private final SealedPlaceStore values;

  public KeyUses(Database database, List<SealedPlace> places) {
    this.database = database;
    this.places = List.copyOf(places);
    this.values = new SealedPlaceStore(database);
  }

  /**
   * A key and what it sealed.
   *
   * @param name the number of a data key, or {@code master} and its id
   * @param since when it came into force or was replaced, UTC
   * @param masters ids of the master keys that open it
   * @param uses values it sealed, by place
   */
  public record KeyUse(
      String name, boolean active, String since, List<String> masters, Map<String, Long> uses) {
    public long total() {
      return uses.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Every key; a master key that sealed values itself is among them. */
  public List<KeyUse> list() {
    return database.inTransaction(handle -> {
      Map<String, Map<String, Long>> uses = byKey(handle);
      List<KeyUse> all = new ArrayList<>();
      for (KeyRotationStore.Key key : store.keys(handle)) {
        Map<String, Long> own = uses.remove(hex(SealingKey.dataKeyName(key.id())));
        String name = Integer.toString(key.id());
        Map<String, Long> counted = own == null ? Map.of() : own;
        all.add(new KeyUse(name, key.active(), key.since(), key.masters(), counted));
      }
      uses.forEach((name, own) ->
          all.add(new KeyUse("master " + name.substring(2), false, "", List.of(), own)));
      return all;
    });
  }

  /** Values by place, by the name of their key in hex. */
  Map<String, Map<String, Long>> byKey(Handle handle) {
    Map<String, Map<String, Long>> all = new TreeMap<>();
    for (SealedPlace place : places) {
      values
          .uses(handle, place)
          .forEach((name, uses) ->
              all.computeIfAbsent(name, any -> new TreeMap<>()).put(place.name(), uses));
    }
    return all;
  }

  static String hex(byte[] name) {
    return HexFormat.of().formatHex(name);
  }
}
