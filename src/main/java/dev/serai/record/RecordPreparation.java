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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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

  private final CanonicalJson json = new CanonicalJson();
  private final CanonicalHash hash = new CanonicalHash();

  /** Collects one collection's share of the page. */
  private static final class Draft {
    private final SequencedMap<String, Item> items = new LinkedHashMap<>();
    private final SequencedMap<String, Broken> broken = new LinkedHashMap<>();
    private final SequencedMap<String, Broken> nameless = new LinkedHashMap<>();
    private int duplicates;
    private int position;

    private void supersede(String id) {
      if (items.remove(id) != null || broken.remove(id) != null) {
        duplicates++;
      }
    }

    private void put(Item item) {
      supersede(item.id());
      items.put(item.id(), item);
    }

    private void put(Broken record) {
      supersede(record.id());
      broken.put(record.id(), record);
    }
  }

  private final SequencedMap<Long, Draft> drafts = new LinkedHashMap<>();

  void add(long collection, ModelCheck model, Batch batch) {
    Draft draft = drafts.computeIfAbsent(collection, id -> new Draft());
    switch (batch) {
      case Batch.Save save -> save.records().forEach(record -> save(draft, model, record));
      case Batch.Delete delete -> delete.externalIds().forEach(id -> delete(draft, id));
    }
  }

  /** The parts in ascending id of their collections, which is the order of their locks. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    drafts.forEach((collection, draft) -> {
      List<Broken> broken = new ArrayList<>(draft.nameless.values());
      broken.addAll(draft.broken.values());
      parts.add(new Part(collection, List.copyOf(draft.items.values()), broken, draft.duplicates));
    });
    parts.sort((a, b) -> Long.compare(a.collection(), b.collection()));
    return parts;
  }

  /** The canonical text that the items are slices of. */
  byte[] text() {
    return json.buffer();
  }

  private static void delete(Draft draft, String externalId) {
    String id = RecordId.of(externalId);
    draft.position++;
    if (id != null) {
      draft.put(Item.deleted(id));
    }
  }

  private void save(Draft draft, ModelCheck model, JsonNode record) {
    draft.position++;
    String id = record.isObject() ? RecordId.of(record.get("id")) : null;
    if (id == null) {
      nameless(draft, record);
      return;
    }
    String reason = fault(model, record, id);
    int start = json.length();
    if (reason == null) {
      reason = append((ObjectNode) record, id);
    }
    if (reason != null) {
      draft.put(new Broken(id, true, reason, raw(record)));
      return;
    }
    int length = json.length() - start;
    draft.put(new Item(id, hash.of(json.buffer(), start, length), start, length));
  }

  private @Nullable String append(ObjectNode record, String id) {
    try {
      json.append(record, id);
      return null;
    } catch (Unstorable e) {
      return "record " + e.reason();
    }
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
    String id = HexFormat.of().formatHex(hash.of(bytes, 0, bytes.length));
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
