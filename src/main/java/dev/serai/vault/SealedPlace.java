package dev.serai.vault;

/**
 * A column that holds sealed values.
 *
 * @param id the key by which rows are found
 * @param type of that key, as PostgreSQL names it
 * @param purpose what its values are sealed for
 * @param row SQL for the identity they are sealed for
 * @param passing its rows live for minutes: they are not sealed anew, but they count as uses
 */
public record SealedPlace(
    String table,
    String column,
    String id,
    String type,
    String purpose,
    String row,
    boolean passing) {
  public static SealedPlace of(String table, String column, String id, String purpose, String row) {
    return new SealedPlace(table, column, id, "bigint", purpose, row, false);
  }

  public static SealedPlace passing(String table, String column) {
    return new SealedPlace(table, column, "", "", "", "", true);
  }

  /** Found by a key of this type. */
  public SealedPlace keyed(String typeOfKey) {
    return new SealedPlace(table, column, id, typeOfKey, purpose, row, passing);
  }

  public String name() {
    return table + "." + column;
  }
}
