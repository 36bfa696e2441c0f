package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/**
 * Notices that a list goes round in circles. Short circles are found at once in the last entries;
 * longer ones by an old entry that is renewed at every doubling, so that memory stays bounded.
 */
final class RepeatGuard {
  private static final int REMEMBERED = 64;
  private final Deque<String> recent = new ArrayDeque<>();
  private String old = "";
  private long count;
  private long renewAt = 1;

  /** True if this was here before. */
  boolean repeats(String what) {
    String hash = hash(what);
    if (recent.contains(hash) || old.equals(hash)) {
      return true;
    }
    recent.addLast(hash);
    if (recent.size() > REMEMBERED) {
      recent.removeFirst();
    }
    if (++count == renewAt) {
      old = hash;
      renewAt = renewAt * 2;
    }
    return false;
  }

  JsonNode json() {
    ObjectNode json = Json.object().put("old", old).put("count", count).put("renewAt", renewAt);
    recent.forEach(json.putArray("recent")::add);
    return json;
  }

  static RepeatGuard of(JsonNode json) {
    RepeatGuard guard = new RepeatGuard();
    guard.old = json.path("old").asText();
    guard.count = json.path("count").asLong();
    guard.renewAt = json.path("renewAt").asLong(1);
    json.path("recent").forEach(hash -> guard.recent.addLast(hash.asText()));
    return guard;
  }

  private static String hash(String what) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
