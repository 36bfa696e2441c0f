package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Which fault the next request suffers: the next {@code times} matching requests, or each with a
 * {@code probability} drawn from the seed. Rules are asked in the order they were set. Thread-safe.
 */
final class Faults {
  private static final class Rule {
    final Fault fault;
    final String path;
    final int skip;
    final double probability;
    int seen;
    int left;

    Rule(Fault fault, JsonNode from) {
      this.fault = fault;
      this.path = from.path("path").asText("/");
      this.skip = from.path("skip").asInt(0);
      this.probability = from.path("probability").asDouble(1);
      this.left = from.path("times").asInt(from.has("probability") ? Integer.MAX_VALUE : 1);
    }
  }

  private final Random random;
  private final List<Rule> rules = new ArrayList<>();

  Faults(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Adds a rule: {@code {"kind", "times" or "probability", "path" prefix, "skip" so many first, and
   * the kind's options}}.
   *
   * @throws Refusal if the kind is unknown
   */
  synchronized void add(JsonNode rule) {
    String name = rule.path("kind").asText();
    if (!Fault.Kind.NAMES.contains(name)) {
      throw new Refusal(422, "kind", "is not one of " + String.join(", ", Fault.Kind.NAMES));
    }
    Fault.Kind kind = Fault.Kind.valueOf(name.toUpperCase(Locale.ROOT));
    rules.add(new Rule(new Fault(kind, rule), rule));
  }

  synchronized void clear() {
    rules.clear();
  }

  synchronized Fault next(String path) {
    for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
      Rule rule = each.next();
      if (path.startsWith(rule.path)
          && ++rule.seen > rule.skip
          && (rule.probability >= 1 || random.nextDouble() < rule.probability)) {
        if (--rule.left <= 0) {
          each.remove();
        }
        return rule.fault;
      }
    }
    return Fault.NONE;
  }

  synchronized ArrayNode describe() {
    ArrayNode all = Json.array();
    rules.forEach(rule -> all.add(rule.fault.options()));
    return all;
  }
}
