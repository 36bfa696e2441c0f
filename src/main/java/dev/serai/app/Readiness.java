package dev.serai.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Whether this node may be given work, and why not. Two kinds of trouble: a reason keeps the node
 * from being ready; a refusal (a broken provider) is told and concerns the refused alone.
 * Thread-safe.
 */
public final class Readiness {
  private final Map<String, String> reasons = new ConcurrentSkipListMap<>();
  private final Map<String, String> refusals = new ConcurrentSkipListMap<>();

  /** Not ready until cleared; a later reason for the same thing replaces the earlier one. */
  public void notReady(String what, String why) {
    reasons.put(what, why);
  }

  public void clear(String what) {
    reasons.remove(what);
  }

  public void refused(String what, String why) {
    refusals.put(what, why);
  }

  public void accepted(String what) {
    refusals.remove(what);
  }

  public boolean isReady() {
    return reasons.isEmpty();
  }

  int refusals() {
    return refusals.size();
  }

  /** {@code {"ready":false,"reasons":{"database":"…"},"refused":[{"file":"…","reason":"…"}]}} */
  ObjectNode report() {
    ObjectNode report = Json.object().put("ready", isReady());
    ObjectNode why = report.putObject("reasons");
    reasons.forEach(why::put);
    ArrayNode refused = report.putArray("refused");
    refusals.forEach((file, reason) -> refused.addObject().put("file", file).put("reason", reason));
    return report;
  }
}
