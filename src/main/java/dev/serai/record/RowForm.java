package dev.serai.record;

import dev.serai.vault.DataKey;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a collection are written now.
 *
 * @param key seals payloads and keys hashes; null: both are plain
 * @param history whether before and after images are kept
 */
record RowForm(@Nullable DataKey key, Recipe recipe, boolean history) {
  @Nullable Long keyId() {
    return key == null ? null : key.id();
  }

  /** A hash as rows of this form hold it. */
  byte[] keyed(byte[] hash) {
    return key == null ? hash : key.keyed(hash);
  }

  /** Whether a row's hashes were made as they are made now. */
  boolean made(@Nullable Long rowKey, @Nullable Integer rowRecipe) {
    return Objects.equals(rowKey, keyId()) && Objects.equals(rowRecipe, recipe.id());
  }

  /** The payload as a row of this form holds it: canonical JSON, or its envelope. */
  byte[] stored(long collection, Item item, byte[] text) {
    if (key == null) {
      return Arrays.copyOfRange(text, item.offset(), item.offset() + item.length());
    }
    return key.seal(
        Sealing.context(collection, key.id(), item.id()), text, item.offset(), item.length());
  }
}
