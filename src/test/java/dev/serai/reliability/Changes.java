package dev.serai.reliability;

import com.fasterxml.jackson.databind.JsonNode;

/** How many records were added, updated and deleted. */
record Changes(long added, long updated, long deleted) {
  Changes plus(Changes more) {
    return new Changes(added + more.added, updated + more.updated, deleted + more.deleted);
  }

  long sum() {
    return added + updated + deleted;
  }

  /** What leads from one truth to a later one. */
  static Changes between(JsonNode before, JsonNode after) {
    long added = 0;
    long updated = 0;
    for (var entry : after.properties()) {
      JsonNode former = before.get(entry.getKey());
      if (former == null) {
        added++;
      } else if (!former.equals(entry.getValue())) {
        updated++;
      }
    }
    long deleted = before.properties().stream().filter(entry -> !after.has(entry.getKey())).count();
    return new Changes(added, updated, deleted);
  }
}
