package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Finds the connections that a delivery concerns, so many at a time as one transaction bears. */
final class Addressees {
  private static final int MOST = 500;
  private static final int MOST_TASKS = 2_000;

  /** Each connection is sent the body. */
  private static final int MOST_BYTES = 8 << 20;

  private final InboxStore inbox;

  Addressees(InboxStore inbox) {
    this.inbox = inbox;
  }

  /**
   * Some of them, with which of the events concern them.
   *
   * @param nobodys the events that concern none; told with the first part, empty if there are none
   * @param reached the connections up to this row id are dealt with
   * @param last there are no more
   */
  record Part(
      SortedMap<InboxStore.Named, List<Integer>> whose,
      Optional<List<Integer>> nobodys,
      long reached,
      boolean last) {}

  /** Those after the ones that were dealt with. */
  Part next(
      Handle handle,
      DispatchStore.Waiting waiting,
      WebhookSpec spec,
      Arrival arrival,
      List<JsonNode> events) {
    int most = most(arrival, events);
    SortedMap<InboxStore.Named, List<Integer>> whose =
        new TreeMap<>(Comparator.comparingLong(InboxStore.Named::id));
    List<Integer> nobodys = new ArrayList<>();
    Map<String, List<InboxStore.Named>> found = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      List<InboxStore.Named> matched =
          found.computeIfAbsent(
              value(spec, arrival, events.get(i)),
              value -> matched(handle, waiting, spec, value, most));
      for (InboxStore.Named connection : matched) {
        whose.computeIfAbsent(connection, any -> new ArrayList<>()).add(i);
      }
      if (matched.isEmpty()) {
        nobodys.add(i);
      }
    }
    // A body without any event is nobody's, too.
    boolean told = waiting.reached() == 0 && (events.isEmpty() || !nobodys.isEmpty());
    Optional<List<Integer>> rest = told ? Optional.of(nobodys) : Optional.empty();
    if (whose.size() < most) {
      return new Part(whose, rest, waiting.reached(), true);
    }
    InboxStore.Named end = whose.keySet().stream().skip(most).findFirst().orElse(null);
    SortedMap<InboxStore.Named, List<Integer>> some = end == null ? whose : whose.headMap(end);
    return new Part(some, rest, some.lastKey().id(), false);
  }

  private static int most(Arrival arrival, List<JsonNode> events) {
    int byEvents = MOST_TASKS / Math.max(1, events.size());
    int byBytes = MOST_BYTES / Math.max(1, arrival.body().length);
    return Math.clamp(Math.min(byEvents, byBytes), 1, MOST);
  }

  /** What the connection is told by; the same for all where that is no value of the event. */
  private static String value(WebhookSpec spec, Arrival arrival, JsonNode event) {
    return spec.match() instanceof Match.By by ? arrival.text(by.place(), event).orElse("") : "";
  }

  private List<InboxStore.Named> matched(
      Handle handle, DispatchStore.Waiting waiting, WebhookSpec spec, String value, int most) {
    var range = new InboxStore.Range(waiting.integration(), waiting.reached(), most);
    List<Long> proven = waiting.connections();
    if (proven != null) {
      return inbox.among(handle, range, proven);
    }
    return switch (spec.match()) {
      case Match.None() -> List.of();
      case Match.All() -> inbox.all(handle, range);
      case Match.By by -> inbox.matching(handle, range, by.target(), value);
    };
  }
}
