package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.JsonDiff;
import dev.serai.Json;
import dev.serai.record.CanonicalJson.Unstorable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** JSON Patch (RFC 6902) from one image of a record to the next: add, remove and replace. */
final class JsonPatches {
  /**
   * Beyond this the patch replaces the whole: comparing two long arrays that share nothing takes
   * time with the square of their length.
   */
  static final int LARGEST = 64 * 1024;

  /** A move is shorter, and asks more of whoever applies it. */
  private static final EnumSet<DiffFlags> FLAGS =
      EnumSet.of(
          DiffFlags.OMIT_MOVE_OPERATION,
          DiffFlags.OMIT_COPY_OPERATION,
          DiffFlags.OMIT_VALUE_ON_REMOVE);

  private JsonPatches() {}

  /** From nothing, a record is added; to nothing, it is removed. */
  static JsonNode between(byte @Nullable [] before, byte @Nullable [] after) {
    if (before == null) {
      return after == null ? Json.array() : whole("add", parsed(after));
    }
    if (after == null) {
      return whole("remove", null);
    }
    JsonNode from = parsed(before);
    JsonNode to = parsed(after);
    return Math.max(before.length, after.length) > LARGEST && !from.equals(to)
        ? whole("replace", to)
        : JsonDiff.asJson(from, to, FLAGS.clone());
  }

  private static ArrayNode whole(String operation, @Nullable JsonNode value) {
    ArrayNode patch = Json.array();
    var only = patch.addObject().put("op", operation).put("path", "");
    if (value != null) {
      only.set("value", value);
    }
    return patch;
  }

  /** Canonical first: jsonb spells some numbers at length that a sealed image keeps short. */
  private static JsonNode parsed(byte[] json) {
    try {
      CanonicalJson canonical = new CanonicalJson();
      canonical.append(Json.parse(json));
      return Json.parse(Arrays.copyOf(canonical.buffer(), canonical.length()));
    } catch (IOException | Unstorable e) {
      throw new UncheckedIOException(new IOException("a stored image is not a record's", e));
    }
  }
}
