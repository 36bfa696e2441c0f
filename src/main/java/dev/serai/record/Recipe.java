package dev.serai.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.record.CanonicalJson.Unstorable;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which fields a hash leaves out and which are watched. A row names the recipe of its hashes, so
 * that a changed list never looks like a changed record.
 *
 * @param id of its row; null for the recipe that leaves out and watches nothing
 */
record Recipe(
    @Nullable Integer id,
    SortedSet<String> ignored,
    SortedSet<String> watched,
    FieldSet left,
    FieldSet seen) {
  static final Recipe PLAIN = of(null, new TreeSet<>(), new TreeSet<>());

  static Recipe of(@Nullable Integer id, SortedSet<String> ignored, SortedSet<String> watched) {
    return new Recipe(id, ignored, watched, FieldSet.of(ignored), FieldSet.of(watched));
  }

  boolean ignores() {
    return !ignored.isEmpty();
  }

  boolean watches() {
    return !watched.isEmpty();
  }

  /** Makes the hashes of one record after another. One thread at a time. */
  static final class Hasher {
    private final CanonicalJson scratch = new CanonicalJson();
    private final CanonicalHash hash = new CanonicalHash();

    /**
     * @param canonical where the whole record stands already
     */
    byte[] hash(Recipe recipe, ObjectNode record, String id, byte[] canonical, int from, int length)
        throws Unstorable {
      if (!recipe.ignores()) {
        return hash.of(canonical, from, length);
      }
      scratch.clear();
      scratch.appendWithout(record, id, recipe.left());
      return hash.of(scratch.buffer(), 0, scratch.length());
    }

    /** Null if the recipe watches nothing. */
    byte @Nullable [] watched(Recipe recipe, ObjectNode record, String id) throws Unstorable {
      if (!recipe.watches()) {
        return null;
      }
      scratch.clear();
      scratch.appendOnly(record, id, recipe.seen());
      return hash.of(scratch.buffer(), 0, scratch.length());
    }

    byte[] hash(byte[] bytes) {
      return hash.of(bytes, 0, bytes.length);
    }
  }
}
