package dev.serai.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.record.CanonicalJson.Unstorable;
import dev.serai.record.ConversionStore.StoredRecord;
import dev.serai.record.HistoryConversionStore.StoredImages;
import dev.serai.record.QuarantineConversionStore.Refusal;
import dev.serai.record.QuarantineConversionStore.Rewritten;
import dev.serai.vault.DataKey;
import dev.serai.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings single rows of one collection to one form: what they say stays, down to the last digit.
 * What cannot be proven to stay is left as it is. One thread at a time.
 */
final class RowConversion {
  private final long collection;
  private final RowForm to;
  private final RowForms forms;
  private final CanonicalJson json = new CanonicalJson();
  private final Recipe.Hasher hasher = new Recipe.Hasher();
  private long left;
  private @Nullable String why;

  RowConversion(long collection, RowForm to, RowForms forms) {
    this.collection = collection;
    this.to = to;
    this.forms = forms;
  }

  /** How many were left because they could not be read or do not fit their hash. */
  long left() {
    return left;
  }

  /** The first of them and what is wrong with it. */
  @Nullable String why() {
    return why;
  }

  /** The row as it is to be; null: it stays. */
  @Nullable StoredRecord record(StoredRecord row) {
    if (to.made(row.key(), row.recipe())) {
      return null;
    }
    if (!row.payload().isThere()) {
      return pruned(row);
    }
    try {
      boolean sameRecipe = Objects.equals(row.recipe(), to.recipe().id());
      return row.key() == null && sameRecipe ? sealedOnly(row) : rehashed(row);
    } catch (VaultException e) {
      return left("record " + row.externalId(), e.getMessage());
    } catch (Unstorable | IllegalArgumentException e) {
      return left("record " + row.externalId(), "its payload cannot be read");
    }
  }

  /** Nothing is left to hash again: a plain hash can be keyed, a keyed one stays. */
  private @Nullable StoredRecord pruned(StoredRecord row) {
    return row.key() == null && to.key() != null ? keyed(row, Payload.NONE) : null;
  }

  private StoredRecord sealedOnly(StoredRecord row) {
    return keyed(row, converted(row.payload(), null, row.externalId()));
  }

  private StoredRecord keyed(StoredRecord row, Payload payload) {
    byte[] watched = row.watched();
    return new StoredRecord(
        row.place(),
        row.externalId(),
        to.keyed(row.hash()),
        watched == null ? null : to.keyed(watched),
        to.keyId(),
        row.recipe(),
        payload);
  }

  private @Nullable StoredRecord rehashed(StoredRecord row) throws Unstorable {
    RowForm then = forms.then(row.key(), row.recipe());
    ObjectNode record =
        (ObjectNode) Json.parseStored(opened(row.payload(), row.key(), row.externalId()));
    if (!Arrays.equals(hash(then, record, row.externalId()), row.hash())) {
      return left("record " + row.externalId(), "its payload and its hash do not belong together");
    }
    byte[] watched = hasher.watched(to.recipe(), record, row.externalId());
    return new StoredRecord(
        row.place(),
        row.externalId(),
        hash(to, record, row.externalId()),
        watched == null ? null : to.keyed(watched),
        to.keyId(),
        to.recipe().id(),
        Objects.equals(row.key(), to.keyId())
            ? Payload.NONE
            : converted(row.payload(), row.key(), row.externalId()));
  }

  private byte[] hash(RowForm form, ObjectNode record, String id) throws Unstorable {
    json.clear();
    json.append(record, id);
    return form.keyed(hasher.hash(form.recipe(), record, id, json.buffer(), 0, json.length()));
  }

  private String opened(Payload payload, @Nullable Long key, String externalId) {
    byte[] sealed = payload.sealed();
    if (sealed == null) {
      return Objects.requireNonNull(payload.plain());
    }
    DataKey by = forms.key(key);
    return text(by.open(Sealing.context(collection, by.id(), externalId), sealed));
  }

  /** Before and after as they are to be; null: they stay. */
  @Nullable StoredImages images(StoredImages row) {
    if (fits(row.before(), row.beforeKey()) && fits(row.after(), row.afterKey())) {
      return null;
    }
    try {
      Payload before = converted(row.before(), row.beforeKey(), row.externalId());
      Payload after = converted(row.after(), row.afterKey(), row.externalId());
      return new StoredImages(
          row.place(),
          row.version(),
          row.externalId(),
          before,
          before.sealed() == null ? null : to.keyId(),
          after,
          after.sealed() == null ? null : to.keyId());
    } catch (VaultException e) {
      return left("version " + row.version(), e.getMessage());
    }
  }

  private boolean fits(Payload image, @Nullable Long key) {
    return !image.isThere() || Objects.equals(key, to.keyId());
  }

  private Payload converted(Payload image, @Nullable Long by, String externalId) {
    if (fits(image, by)) {
      return image;
    }
    return to.kept(
        key -> Sealing.context(collection, key.id(), externalId), opened(image, by, externalId));
  }

  /** What stands in quarantine as it is to be; null: it stays. */
  @Nullable Rewritten refusal(Refusal row) {
    if (fits(row.raw(), row.key())) {
      return null;
    }
    try {
      String raw = row.raw().plain();
      if (raw == null) {
        DataKey by = forms.key(row.key());
        byte[] context =
            Sealing.quarantined(collection, by.id(), row.identified(), row.externalId());
        raw = text(by.open(context, Objects.requireNonNull(row.raw().sealed())));
      }
      byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
      String id = row.identified() ? row.externalId() : to.nameless(hasher.hash(bytes));
      return new Rewritten(row, id, to.keyId(), to.refused(collection, row.identified(), id, raw));
    } catch (VaultException e) {
      return left("quarantined " + row.externalId(), e.getMessage());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private <T> @Nullable T left(String what, @Nullable String reason) {
    left++;
    why = why == null ? what + ": " + reason : why;
    return null;
  }
}
