package dev.serai.vault;

import dev.serai.database.Database;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Sealed values wherever they stand; the places are Serai's own words, never a caller's. */
final class SealedPlaceStore {
  private final Database database;

  SealedPlaceStore(Database database) {
    this.database = database;
  }

  /**
   * @param row the identity it is sealed for
   */
  record Value(String id, String row, byte[] sealed) {}

  /** Which values, by the beginning of their envelope. */
  enum Which {
    /** Another key than this one sealed. */
    NOT_BY("substring(%s from 1 for 5) <> :name"),
    BY("substring(%s from 1 for 5) = :name"),
    /** Any key of this kind sealed. */
    OF_KIND("substring(%s from 1 for 1) = :name");

    private final String condition;

    Which(String condition) {
      this.condition = condition;
    }
  }

  // An empty value was cleared: it is sealed by no key.
  private static final String VALUES =
      """
      select %2$s::text as id, (%3$s)::text as row, %4$s as sealed
        from %1$s
       where length(%4$s) > 0 and %6$s
         and (:after::%5$s is null or %2$s > :after::%5$s)
       order by %1$s.%2$s
       limit :most
      """;

  /** Values that another key than this one sealed, in the order of their ids. */
  List<Value> others(SealedPlace place, byte[] name, @Nullable String after, int most) {
    return values(place, Which.NOT_BY, name, after, most);
  }

  /** Values in the order of their ids. */
  List<Value> values(
      SealedPlace place, Which which, byte[] name, @Nullable String after, int most) {
    String query =
        VALUES.formatted(
            place.table(),
            place.id(),
            place.row(),
            place.column(),
            place.type(),
            which.condition.formatted(place.column()));
    return database.read(handle ->
        handle
            .createQuery(query)
            .bind("name", name)
            .bind("after", after)
            .bind("most", most)
            .map((row, context) ->
                new Value(row.getString("id"), row.getString("row"), row.getBytes("sealed")))
            .list());
  }

  /** False if somebody changed the value meanwhile: it is sealed by the new key then, or gone. */
  boolean swap(SealedPlace place, Value old, byte[] sealed) {
    String update =
        "update %1$s set %2$s = :new where %3$s = :id::%4$s and %2$s = :old"
            .formatted(place.table(), place.column(), place.id(), place.type());
    return database.inTransaction(handle ->
        handle
                .createUpdate(update)
                .bind("new", sealed)
                .bind("id", old.id())
                .bind("old", old.sealed())
                .execute()
            == 1);
  }

  /** How many values each key sealed here, by the key's name in hex. */
  Map<String, Long> uses(Handle handle, SealedPlace place) {
    String query =
        """
        select encode(substring(%2$s from 1 for 5), 'hex') as name, count(*) as uses
          from %1$s where length(%2$s) > 0 group by 1
        """
            .formatted(place.table(), place.column());
    Map<String, Long> uses = new TreeMap<>();
    handle
        .createQuery(query)
        .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(entry -> uses.put(entry.getKey(), entry.getValue()));
    return uses;
  }
}
