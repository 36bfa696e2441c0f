package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.database.DatabaseTrouble;
import dev.serai.database.Outage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows records as tables, to operators with SQL: in the schema {@code model} a view per unified
 * model and per own model of a provider. Nothing in Serai reads them, so a view that cannot be made
 * is told and left out. Safe to do from several nodes at once.
 */
public final class ModelViews {
  private static final Logger LOG = LoggerFactory.getLogger(ModelViews.class);
  private static final String COMMENT =
      "Made by Serai from the model's schema (%s); not kept when that changes";

  private final ModelViewStore store;

  public ModelViews(Database database) {
    this.store = new ModelViewStore(database);
  }

  /**
   * A provider's own models.
   *
   * @param schemas the folder with a schema for each
   * @param saved the models that its routes save, unified ones among them or not
   */
  public record Own(String provider, Path schemas, Set<String> saved) {}

  /** Brings the views to what the schemas say; answers how many had to be made. */
  public int bring(List<Own> own) {
    Map<String, ModelView> views = new LinkedHashMap<>();
    Map<String, String> unified = SchemaFiles.unifiedModels();
    unified.forEach((model, text) -> add(views, ModelView.of(null, model, Json.parse(text))));
    Set<String> names =
        unified.keySet().stream().map(ModelViews::folded).collect(Collectors.toSet());
    own.forEach(provider -> own(provider, names, views));

    Map<String, String> made = store.made();
    int count = 0;
    for (ModelView view : views.values()) {
      String comment = COMMENT.formatted(fingerprint(view));
      if (!comment.equals(made.get(view.name())) && make(view, comment)) {
        count++;
      }
    }
    return count;
  }

  private static void own(Own own, Set<String> unified, Map<String, ModelView> views) {
    Set<String> saved = own.saved().stream().map(ModelViews::folded).collect(Collectors.toSet());
    saved.removeAll(unified);
    if (saved.isEmpty()) {
      return;
    }
    SchemaFiles.in(own.schemas())
        .forEach((model, text) -> {
          if (saved.contains(folded(model))) {
            JsonNode schema = parsed(text);
            add(views, ModelView.of(own.provider(), model, schema));
          }
        });
  }

  /** A schema that is broken is told by whoever checks records against it. */
  private static JsonNode parsed(String text) {
    try {
      return Json.parse(text);
    } catch (RuntimeException e) {
      return Json.object();
    }
  }

  private static void add(Map<String, ModelView> views, ModelView view) {
    if (views.putIfAbsent(view.name(), view) != null) {
      LOG.warn(
          "There is a view model.{} already; a second model of that name has none", view.name());
    }
  }

  private boolean make(ModelView view, String comment) {
    try {
      return store.make(view, comment);
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException sql && Outage.isOne(sql)) {
        throw e;
      }
      LOG.warn(
          "The view model.{} is not as it should be: {}. Tried again at the next start",
          view.name(),
          DatabaseTrouble.reason(e));
      return false;
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String fingerprint(ModelView view) {
    return UUID.nameUUIDFromBytes(view.query().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
