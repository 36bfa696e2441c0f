package dev.serai.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.record.CanonicalJson.Unstorable;
import dev.serai.record.Part.Broken;
import dev.serai.record.RecordWriter.Batch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sorts one page into what can be saved and what goes to quarantine; each id once, its last mention
 * wins. Lives for one page, on one thread.
 */
final class RecordPreparation {
  /** All of it in escapes: what PostgreSQL refuses as a value is harmless as a spelling. */
  private static final ObjectWriter RAW =
      Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());

  private static final int MAX_RAW = 4 * 1024 * 1024;

  private final CanonicalJson json;
  private final Recipe.Hasher hasher = new Recipe.Hasher();

  /**
   * @param expected about how many bytes the page will have; a guess too low costs copies
   */
  RecordPreparation(int expected) {
    json = new CanonicalJson(expected);
  }

  /** Collects one collection's share of the page. */
  private static final class Draft {
    private final RowForm form;
    private final SequencedMap<String, Item> items = new LinkedHashMap<>();
    private final SequencedMap<String, Broken> broken = new LinkedHashMap<>();
    private final SequencedMap<String, Broken> nameless = new LinkedHashMap<>();
    private int duplicates;
    private int position;

    Draft(RowForm form) {
      this.form = form;
    }

    /** The last mention counts, and stands where it was made. */
    private void put(Item item) {
      if (items.putLast(item.id(), item) != null || broken.remove(item.id()) != null) {
        duplicates++;
      }
    }

    private void put(Broken record) {
      if (broken.putLast(record.id(), record) != null || items.remove(record.id()) != null) {
        duplicates++;
      }
    }
  }

  private final SequencedMap<Long, Draft> drafts = new LinkedHashMap<>();

  /**
   * @param form asked for once per collection, so that all of a page is written alike
   */
  void add(long collection, ModelCheck model, Batch batch, Supplier<RowForm> form) {
    Draft draft = drafts.computeIfAbsent(collection, id -> new Draft(form.get()));
    switch (batch) {
      case Batch.Save save ->
          save.records().forEach(record -> save(draft, model, record, save.override()));
      case Batch.Delete delete ->
          delete.externalIds().forEach(id -> delete(draft, id, delete.override()));
    }
  }

  /** The parts in ascending id of their collections, which is the order of their locks. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    drafts.forEach((collection, draft) -> {
      List<Broken> broken = new ArrayList<>(draft.nameless.values());
      broken.addAll(draft.broken.values());
      parts.add(
          new Part(
              collection, draft.form, List.copyOf(draft.items.values()), broken, draft.duplicates));
    });
    parts.sort((a, b) -> Long.compare(a.collection(), b.collection()));
    return parts;
  }

  /** The canonical text that the items are slices of. */
  byte[] text() {
    return json.buffer();
  }

  /** How many bytes of it are in use. */
  int length() {
    return json.length();
  }

  private static void delete(Draft draft, String externalId, boolean override) {
    String id = RecordId.of(externalId);
    draft.position++;
    if (id != null) {
      draft.put(Item.deleted(id, override));
    }
  }

  private void save(Draft draft, ModelCheck model, JsonNode record, boolean override) {
    draft.position++;
    String id = record.isObject() ? RecordId.of(record.get("id")) : null;
    if (id == null) {
      nameless(draft, record);
      return;
    }
    String reason = fault(model, record, id);
    if (reason == null) {
      try {
        draft.put(item(draft.form, (ObjectNode) record, id, override));
        return;
      } catch (Unstorable e) {
        reason = "record " + e.reason();
      }
    }
    draft.put(new Broken(id, true, reason, raw(record)));
  }

  private Item item(RowForm form, ObjectNode record, String id, boolean override)
      throws Unstorable {
    int start = json.length();
    json.append(record, id);
    int length = json.length() - start;
    byte[] hash = hasher.hash(form.recipe(), record, id, json.buffer(), start, length);
    byte[] watched = hasher.watched(form.recipe(), record, id);
    return new Item(
        id,
        form.keyed(hash),
        watched == null ? null : form.keyed(watched),
        start,
        length,
        override);
  }

  /** The id is kept as text, so it is checked as text: a number is no fault of the record. */
  private static @Nullable String fault(ModelCheck model, JsonNode record, String id) {
    if (!model.checked()) {
      return null;
    }
    JsonNode checked = record;
    if (!record.get("id").isTextual()) {
      ObjectNode named = Json.object();
      named.setAll((ObjectNode) record);
      checked = named.put("id", id);
    }
    List<ModelCheck.Fault> faults = model.faults(checked);
    if (faults.isEmpty()) {
      return null;
    }
    String more = faults.size() > 1 ? " and %d more".formatted(faults.size() - 1) : "";
    return faults.getFirst() + more;
  }

  private void nameless(Draft draft, JsonNode record) {
    String raw = raw(record);
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    String id = draft.form.nameless(hasher.hash(bytes));
    String reason =
        "record %d of the page has no usable id: it must be a string or an integer of 1 to %d characters"
            .formatted(draft.position, RecordId.MAX);
    if (draft.nameless.put(id, new Broken(id, false, reason, raw)) != null) {
      draft.duplicates++;
    }
  }

  private static String raw(JsonNode record) {
    try {
      String text = RAW.writeValueAsString(record);
      return text.length() <= MAX_RAW ? text : text.substring(0, MAX_RAW);
    } catch (JsonProcessingException e) {
      return "\"cannot be written as JSON\"";
    }
  }
}
