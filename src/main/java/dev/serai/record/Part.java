package dev.serai.record;

import java.util.List;

/**
 * What a prepared write holds for one collection: each id once, in page order.
 *
 * @param form how its rows are written
 * @param duplicates mentions of an id that a later one in the page replaced
 */
record Part(long collection, RowForm form, List<Item> items, List<Broken> broken, int duplicates) {

  /**
   * A record that goes to quarantine.
   *
   * @param identified false if the record had no usable id; then {@code id} is made of its content
   */
  record Broken(String id, boolean identified, String reason, String raw) {}
}
