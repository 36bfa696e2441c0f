package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.stream.StreamException;
import dev.serai.stream.StreamException.ErrorClass;
import dev.serai.stream.StreamPage;
import dev.serai.stream.StreamReader;
import dev.serai.stream.Streams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** A provider in memory: its truth, read page by page; positions are the last id read. */
final class ScriptedStreams implements Streams {
  final Map<String, ObjectNode> truth = new TreeMap<>();
  final List<String> requests = new ArrayList<>();
  final Set<String> goneForGood = new HashSet<>();
  final Map<Integer, StreamException> failures = new HashMap<>();
  IntConsumer beforePage = page -> {};
  int pageSize = 2;
  Facts facts = new Facts(Deletes.FULL_DIFF, false, false, 0, 0, 0.5);
  Set<String> hidden = Set.of();

  void put(String id, String title) {
    truth.put(id, Json.object().put("id", id).put("title", title));
  }

  @Override
  public StreamReader open(
      Connection connection, String stream, boolean full, JsonNode checkpoint, JsonNode position) {
    String[] after = {position == null ? "" : position.path("after").asText()};
    requests.add("open after '" + after[0] + "'");
    return () -> {
      beforePage.accept(requests.size());
      StreamException failure = failures.remove(requests.size());
      requests.add("page after '" + after[0] + "'");
      if (failure != null) {
        throw failure;
      }
      ArrayNode page = Json.array();
      boolean more = false;
      for (var row : List.copyOf(truth.entrySet())) {
        if (row.getKey().compareTo(after[0]) > 0 && !hidden.contains(row.getKey())) {
          if (page.size() == pageSize) {
            more = true;
            break;
          }
          page.add(row.getValue());
        }
      }
      if (!page.isEmpty()) {
        after[0] = page.get(page.size() - 1).path("id").asText();
      }
      return new StreamPage(
          page,
          more ? Json.object().put("after", after[0]) : null,
          Json.object().put("read", after[0]),
          List.of(),
          100);
    };
  }

  @Override
  public Facts facts(String provider, String stream) {
    return facts;
  }

  @Override
  public boolean gone(Connection connection, String stream, String externalId) {
    return goneForGood.contains(externalId);
  }

  static StreamException transientFault() {
    return new StreamException("timeout", ErrorClass.TRANSIENT, "no answer in time");
  }
}
