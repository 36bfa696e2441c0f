package dev.serai.record;

import dev.serai.record.CanonicalJson.Unstorable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of objects that look alike: put in the order of RFC 8785 and spelled once, not once per
 * record. Immutable.
 */
final class KeyOrder {
  private final String[] keys;
  private final int[] order;
  private final byte[][] spelled;

  private KeyOrder(String[] keys, int[] order, byte[][] spelled) {
    this.keys = keys;
    this.order = order;
    this.spelled = spelled;
  }

  /** How a key is written: {@code "name":}. */
  @FunctionalInterface
  interface Spelling {
    byte[] of(String key) throws Unstorable;
  }

  /** The shapes met lately; a shape that is not among them is made anew. One thread at a time. */
  static final class Cache {
    private static final int SIZE = 256;

    private final @Nullable KeyOrder[] known = new KeyOrder[SIZE];
    private final Spelling spelling;

    Cache(Spelling spelling) {
      this.spelling = spelling;
    }

    /**
     * @param keys as they stand in the object; not changed afterwards
     */
    KeyOrder of(String[] keys) throws Unstorable {
      int hash = Arrays.hashCode(keys);
      int slot = (hash ^ hash >>> 16) & (SIZE - 1);
      KeyOrder found = known[slot];
      if (found == null || !Arrays.equals(found.keys, keys)) {
        found = made(keys);
        known[slot] = found;
      }
      return found;
    }

    private KeyOrder made(String[] keys) throws Unstorable {
      int[] order =
          IntStream.range(0, keys.length)
              .boxed()
              .sorted(Comparator.comparing(i -> keys[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      byte[][] spelled = new byte[keys.length][];
      for (int i = 0; i < order.length; i++) {
        spelled[i] = spelling.of(keys[order[i]]);
      }
      return new KeyOrder(keys, order, spelled);
    }
  }

  /** Which of the object's fields comes in this place. */
  int field(int place) {
    return order[place];
  }

  byte[] spelled(int place) {
    return spelled[place];
  }
}
