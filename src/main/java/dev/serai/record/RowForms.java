package dev.serai.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.record.CanonicalJson.Unstorable;
import dev.serai.record.LookUpStore.Found;
import dev.serai.vault.DataKey;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Knows how rows are written now, and compares with rows that were written otherwise. Thread-safe.
 */
final class RowForms {
  private final RecipeStore recipes;
  private final ModelPolicies policies;
  private final Sealing sealing;

  RowForms(Database database, ModelPolicies policies, Sealing sealing) {
    this.recipes = new RecipeStore(database);
    this.policies = policies;
    this.sealing = sealing;
  }

  /** The form for what is written from now on. */
  RowForm now(long connection, @Nullable String provider, String model) {
    ModelPolicy policy = policies.of(provider, model);
    return new RowForm(sealing.current(connection), recipes.of(policy), policy.history() != null);
  }

  /** What {@link #now} would be named, without asking for a key. */
  String named(@Nullable String provider, String model) {
    return RowForm.named(sealing.on(), recipes.of(policies.of(provider, model)));
  }

  /** The form for deletions alone, which leave payload and hash as they are. */
  RowForm deleting(@Nullable String provider, String model) {
    return new RowForm(null, Recipe.PLAIN, policies.of(provider, model).history() != null);
  }

  /**
   * The same, compared the way the row's own hashes were made: a form that was changed since
   * (sealed or plain, other fields ignored) is no change of the record.
   */
  Found compared(byte[] text, Item item, Found found, RowForm now) {
    StoredRow row = found.row();
    if (item.deletes() || row == null || found.same()) {
      return found;
    }
    byte[] other = row.otherHash();
    if (other == null) {
      boolean quiet = item.watched() != null && Arrays.equals(item.watched(), row.watched());
      return new Found(found.index(), row, false, quiet);
    }
    RowForm then = then(row.key(), row.recipe());
    ObjectNode record = parsed(text, item);
    try {
      Recipe.Hasher hasher = new Recipe.Hasher();
      byte[] hash =
          hasher.hash(then.recipe(), record, item.id(), text, item.offset(), item.length());
      byte[] watched = hasher.watched(then.recipe(), record, item.id());
      boolean quiet =
          watched != null
              && then.recipe().watched().equals(now.recipe().watched())
              && Arrays.equals(then.keyed(watched), row.watched());
      return new Found(found.index(), row, Arrays.equals(then.keyed(hash), other), quiet);
    } catch (Unstorable e) {
      throw new IllegalStateException("stored once and not again", e);
    }
  }

  /** The form a row says it was written in. */
  RowForm then(@Nullable Long key, @Nullable Integer recipe) {
    return new RowForm(key == null ? null : sealing.key(key), recipes.byId(recipe), false);
  }

  /** The key of something sealed; there is none without a number. */
  DataKey key(@Nullable Long id) {
    return sealing.key(id == null ? 0 : id);
  }

  private static ObjectNode parsed(byte[] text, Item item) {
    try {
      return (ObjectNode)
          Json.parse(Arrays.copyOfRange(text, item.offset(), item.offset() + item.length()));
    } catch (IOException e) {
      throw new IllegalStateException("canonical JSON that cannot be read", e);
    }
  }
}
