package dev.serai.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.action.ActionRegistry.Registered;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.record.ModelCheck;
import dev.serai.record.Models;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs actions: input checked before anything is sent, one bounded attempt, output checked, and a
 * row that says how it went. A process that dies in the middle leaves a row without an end: nobody
 * can know whether the provider did it, so nothing is repeated. Thread-safe.
 */
public final class ActionRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);

  /**
   * @param timeout the longest a route may take
   * @param outputBytes the largest output, as JSON text
   */
  public record Limits(Duration timeout, long outputBytes) {
    public static final Limits DEFAULT = new Limits(Duration.ofMinutes(15), 2L << 20);
  }

  private final ActionRegistry registry;
  private final Models models;
  private final ActionRunStore runs;
  private final Limits limits;

  public ActionRunner(Database database, ActionRegistry registry, Models models, Limits limits) {
    this.registry = registry;
    this.models = models;
    this.runs = new ActionRunStore(database);
    this.limits = limits;
  }

  /** Runs the action as the connection and waits for it; never throws for what the route does. */
  public ActionOutcome run(Connection connection, String action, JsonNode input) {
    Optional<Registered> found = registry.find(connection.provider(), action);
    return found.isEmpty() ? new ActionOutcome.NotFound() : run(connection, found.get(), input);
  }

  private ActionOutcome run(Connection connection, Registered action, JsonNode input) {
    ActionDefinition definition = action.definition();
    Optional<ModelCheck> check = schema(definition, definition.input());
    List<ModelCheck.Fault> faults = check.map(c -> c.faults(input)).orElseGet(List::of);
    if (!faults.isEmpty()) {
      return new ActionOutcome.InvalidInput(check.orElseThrow().model(), faults);
    }
    UUID run = runs.begin(connection, definition.name());
    ActionOutcome outcome = bounded(connection, action, input);
    runs.end(run, outcome);
    if (!(outcome instanceof ActionOutcome.Done)) {
      LOG.info(
          "Action {} ended with {} ({}, run: {})",
          definition.key(),
          outcome.code(),
          connection.label(),
          run);
    }
    return outcome;
  }

  /** On a thread of its own, which is interrupted when the time is up. */
  private ActionOutcome bounded(Connection connection, Registered action, JsonNode input) {
    FutureTask<JsonNode> task = new FutureTask<>(() -> action.route().run(connection, input));
    Thread thread = Thread.ofVirtual().name("action " + action.definition().key()).start(task);
    try {
      JsonNode output = task.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return checked(action.definition(), output);
    } catch (TimeoutException e) {
      thread.interrupt();
      return new ActionOutcome.TimedOut(limits.timeout());
    } catch (ExecutionException e) {
      return RouteFailure.outcome(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      return new ActionOutcome.Broken(e);
    }
  }

  private ActionOutcome checked(ActionDefinition definition, JsonNode output) {
    long bytes = Json.write(output).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.outputBytes()) {
      return new ActionOutcome.OutputTooLarge(bytes, limits.outputBytes());
    }
    Optional<ModelCheck> check = schema(definition, definition.output());
    List<ModelCheck.Fault> faults = check.map(c -> c.faults(output)).orElseGet(List::of);
    return faults.isEmpty()
        ? new ActionOutcome.Done(output)
        : new ActionOutcome.InvalidOutput(check.orElseThrow().model(), faults);
  }

  /**
   * The check behind a name; a name that nothing knows is the route's mistake, not the caller's.
   */
  private Optional<ModelCheck> schema(ActionDefinition definition, @Nullable String name) {
    if (name == null) {
      return Optional.empty();
    }
    return Optional.of(
        models
            .find(definition.provider(), name)
            .orElseThrow(() ->
                new IllegalStateException(
                    "action "
                        + definition.key()
                        + " names the schema "
                        + name
                        + ", which is neither unified nor in the provider's schemas/")));
  }
}
