package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the search for missing rows has come; kept as the sync's position, so that whoever takes
 * the run over goes on there.
 *
 * @param collection in work; 0 before the first
 * @param after ids up to here (in the order of their bytes) are done
 * @param live live rows of the stream met so far in this collection
 * @param missed of them, those that this read missed
 * @param proven of those, the ones that enough reads missed
 * @param dropping the read is not believed: what it nominated is being let go
 * @param found candidates of the collections that are done
 * @param held rows missed by reads that are not believed
 */
record Looking(
    long collection,
    String after,
    long live,
    long missed,
    long proven,
    boolean dropping,
    long found,
    long held,
    List<String> warnings) {
  static final Looking START = new Looking(0, "", 0, 0, 0, false, 0, 0, List.of());

  static Looking of(@Nullable JsonNode position) {
    JsonNode at = position == null ? null : position.get("looking");
    if (at == null) {
      return START;
    }
    List<String> warnings = new ArrayList<>();
    at.path("warnings").forEach(warning -> warnings.add(warning.asText()));
    return new Looking(
        at.path("collection").asLong(),
        at.path("after").asText(),
        at.path("live").asLong(),
        at.path("missed").asLong(),
        at.path("proven").asLong(),
        at.path("dropping").asBoolean(),
        at.path("found").asLong(),
        at.path("held").asLong(),
        warnings);
  }

  JsonNode position() {
    ObjectNode json = Json.object();
    ObjectNode at = json.putObject("looking");
    at.put("collection", collection).put("after", after).put("live", live);
    at.put("missed", missed).put("proven", proven).put("dropping", dropping);
    at.put("found", found).put("held", held);
    warnings.forEach(at.putArray("warnings")::add);
    return json;
  }

  /** At the beginning of a collection. */
  Looking at(long next) {
    return new Looking(next, "", 0, 0, 0, false, found, held, warnings);
  }

  Looking through(String id, MissingStore.Range range) {
    return new Looking(
        collection,
        id,
        live + range.live(),
        missed + range.missed(),
        proven + range.proven(),
        dropping,
        found,
        held,
        warnings);
  }

  /** What is proven of the collection is to be deleted. */
  Looking believed() {
    return new Looking(collection, after, live, 0, 0, false, found + proven, held, warnings);
  }

  /** Nothing of it is. */
  Looking doubted(String why) {
    List<String> more = new ArrayList<>(warnings);
    more.add(why);
    return new Looking(
        collection, after, live, 0, 0, true, found, held + missed, List.copyOf(more));
  }
}
