package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query as the SDKs write it: {@code tags[team]=a} nests, {@code ids=1&ids=2} and {@code
 * ids[]=1} are lists. A broken escape stands for itself: an odd id is not worth a refusal.
 */
public final class QueryString {
  private static final int MOST_VALUES = 1_000;
  private static final int DEEPEST = 5;

  private QueryString() {}

  public static ObjectNode parse(@Nullable String raw) {
    ObjectNode query = Json.object();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    String[] pairs = raw.split("&", MOST_VALUES + 1);
    for (int i = 0; i < Math.min(pairs.length, MOST_VALUES); i++) {
      if (!pairs[i].isEmpty()) {
        int equals = pairs[i].indexOf('=');
        String key = equals < 0 ? pairs[i] : pairs[i].substring(0, equals);
        String value = equals < 0 ? "" : pairs[i].substring(equals + 1);
        put(query, steps(Percent.decode(key, true)), Percent.decode(value, true));
      }
    }
    return query;
  }

  /** {@code a[b][c]} is a, b, c; what does not close stays part of the name. */
  private static List<String> steps(String key) {
    int open = key.indexOf('[');
    if (open <= 0 || !key.endsWith("]")) {
      return List.of(key);
    }
    List<String> steps = new ArrayList<>(List.of(key.substring(0, open)));
    for (String step : key.substring(open + 1, key.length() - 1).split("]\\[", DEEPEST)) {
      steps.add(step);
    }
    return steps;
  }

  private static void put(ObjectNode into, List<String> steps, String value) {
    String name = steps.getFirst();
    JsonNode there = into.get(name);
    if (steps.size() == 1 || (steps.size() == 2 && isPosition(steps.getLast()))) {
      if (there instanceof ArrayNode list) {
        list.add(value);
      } else if (there != null) {
        into.putArray(name).add(there).add(value);
      } else if (steps.size() == 2) {
        into.putArray(name).add(value);
      } else {
        into.put(name, value);
      }
    } else {
      ObjectNode nested = there instanceof ObjectNode object ? object : into.putObject(name);
      put(nested, steps.subList(1, steps.size()), value);
    }
  }

  private static boolean isPosition(String step) {
    return step.isEmpty() || step.matches("\\d{1,3}");
  }
}
