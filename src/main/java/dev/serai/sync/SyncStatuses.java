package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.sync.SyncControl.LiveCounts;
import dev.serai.sync.SyncControl.Result;
import dev.serai.sync.SyncControl.State;
import dev.serai.sync.SyncControl.Status;
import dev.serai.sync.SyncControl.Type;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says of a sync's row what the wire contract calls its status. Thread-safe. */
final class SyncStatuses {
  private final SyncRegistry registry;
  private final LiveCounts counts;

  SyncStatuses(SyncRegistry registry, LiveCounts counts) {
    this.registry = registry;
    this.counts = counts;
  }

  /** Of one row; the connection may be gone. */
  Status of(SyncStatusStore.Row row, @Nullable Connection connection) {
    Optional<SyncDefinition> definition =
        registry.find(row.provider() + "/" + row.name()).map(SyncRegistry.Registered::definition);
    State last = last(row);
    return new Status(
        row.uuid(),
        connection == null ? "" : connection.connectionId(),
        row.mode() == null ? Type.INITIAL : Type.valueOf(row.mode().toUpperCase(Locale.ROOT)),
        row.name(),
        row.variant(),
        state(row, last),
        row.frequency() != null
            ? row.frequency()
            : definition.map(d -> d.schedule().describe()).orElse(null),
        row.endedAt(),
        row.state().equals("active") ? row.dueAt() : null,
        results(row.results()),
        last,
        recordCount(definition, counts.of(row.connection(), row.variant())),
        row.checkpoint());
  }

  private static State state(SyncStatusStore.Row row, @Nullable State last) {
    return switch (row.state()) {
      case "paused" -> State.PAUSED;
      case "parked" -> State.STOPPED;
      default -> row.leased() || last == null ? State.RUNNING : last;
    };
  }

  private static @Nullable State last(SyncStatusStore.Row row) {
    if (row.suspended() || "failed".equals(row.outcome())) {
      return State.ERROR;
    }
    if (row.outcome() == null) {
      return null;
    }
    return row.outcome().equals("success") ? State.SUCCESS : State.STOPPED;
  }

  private static Map<String, Result> results(@Nullable JsonNode results) {
    Map<String, Result> byModel = new TreeMap<>();
    if (results != null) {
      results
          .properties()
          .forEach(e ->
              byModel.put(
                  e.getKey(),
                  new Result(
                      e.getValue().path("added").asLong(),
                      e.getValue().path("updated").asLong(),
                      e.getValue().path("deleted").asLong())));
    }
    return byModel;
  }

  private static Map<String, Long> recordCount(
      Optional<SyncDefinition> definition, Map<String, Long> live) {
    Map<String, Long> byModel = new TreeMap<>();
    definition.ifPresent(d ->
        d.models()
            .forEach(model ->
                byModel.put(
                    model,
                    live.entrySet().stream()
                        .filter(e -> e.getKey().equalsIgnoreCase(model))
                        .mapToLong(Map.Entry::getValue)
                        .sum())));
    return byModel;
  }
}
