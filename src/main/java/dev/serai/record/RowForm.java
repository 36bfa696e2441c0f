package dev.serai.record;

import dev.serai.vault.DataKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Function;
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

  /** As {@code collection.converted} names it; says no key, for a connection has one for ever. */
  String named() {
    return named(key != null, recipe);
  }

  /** As {@code collection.converted} says that its rows are being brought to this form. */
  String underWay() {
    return ">" + named();
  }

  static String named(boolean sealed, Recipe recipe) {
    return (sealed ? "sealed/" : "plain/") + (recipe.id() == null ? 0 : recipe.id());
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

  /** A text as rows of this form hold it. */
  Payload kept(Function<DataKey, byte[]> context, String text) {
    if (key == null) {
      return new Payload(text, null);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Payload(null, key.seal(context.apply(key), bytes, 0, bytes.length));
  }

  /** A refused record as quarantine holds it. */
  Payload refused(long collection, boolean identified, String externalId, String raw) {
    return kept(by -> Sealing.quarantined(collection, by.id(), identified, externalId), raw);
  }

  /** What a record without a usable id is called: by its content, and only for who has the key. */
  String nameless(byte[] contentHash) {
    return HexFormat.of().formatHex(keyed(contentHash));
  }
}
