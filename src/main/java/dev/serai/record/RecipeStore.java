package dev.serai.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code recipe}: written once, never changed, so what was read stays true.
 * Thread-safe.
 */
final class RecipeStore {
  private static final String FIND =
      "select id from recipe where ignored = :ignored and watched = :watched";

  private static final String CREATE =
      "insert into recipe (ignored, watched) values (:ignored, :watched) on conflict do nothing";

  private static final String BY_ID = "select ignored, watched from recipe where id = :id";

  private record Fields(SortedSet<String> ignored, SortedSet<String> watched) {}

  private final Database database;
  private final Cache<Fields, Recipe> byFields = Caffeine.newBuilder().maximumSize(10_000).build();
  private final Cache<Integer, Recipe> byId = Caffeine.newBuilder().maximumSize(10_000).build();

  RecipeStore(Database database) {
    this.database = database;
  }

  /** The recipe of a policy; its row is made, in a transaction of its own, when first asked for. */
  Recipe of(ModelPolicy policy) {
    if (policy.ignored().isEmpty() && policy.watched().isEmpty()) {
      return Recipe.PLAIN;
    }
    return byFields.get(new Fields(policy.ignored(), policy.watched()), this::findOrCreate);
  }

  /** The recipe a row names. */
  Recipe byId(@Nullable Integer id) {
    return id == null ? Recipe.PLAIN : byId.get(id, this::read);
  }

  private Recipe findOrCreate(Fields fields) {
    int id =
        database
            .read(handle -> find(handle, fields))
            .orElseGet(() -> {
              database.useTransaction(handle ->
                  handle
                      .createUpdate(CREATE)
                      .bind("ignored", SqlArguments.texts(fields.ignored()))
                      .bind("watched", SqlArguments.texts(fields.watched()))
                      .execute());
              return database.read(handle -> find(handle, fields)).orElseThrow();
            });
    return Recipe.of(id, fields.ignored(), fields.watched());
  }

  private static Optional<Integer> find(Handle handle, Fields fields) {
    return handle
        .createQuery(FIND)
        .bind("ignored", SqlArguments.texts(fields.ignored()))
        .bind("watched", SqlArguments.texts(fields.watched()))
        .mapTo(Integer.class)
        .findOne();
  }

  private Recipe read(int id) {
    // On the small pool: a page commit asks, and may hold the last connection of the large one.
    return database.control(handle ->
        handle
            .createQuery(BY_ID)
            .bind("id", id)
            .map((row, context) ->
                Recipe.of(
                    id,
                    new TreeSet<>(List.of((String[]) row.getArray("ignored").getArray())),
                    new TreeSet<>(List.of((String[]) row.getArray("watched").getArray()))))
            .one());
  }
}
