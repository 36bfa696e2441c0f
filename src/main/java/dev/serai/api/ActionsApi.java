package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.action.ActionOutcome;
import dev.serai.action.ActionRunner;
import dev.serai.connection.Connection;
import java.util.List;

/** {@code POST /action/trigger}: runs an action and waits for its output. */
public final class ActionsApi implements Resource {
  private final Targets targets;
  private final ActionRunner runner;

  public ActionsApi(Targets targets, ActionRunner runner) {
    this.targets = targets;
    this.runner = runner;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(new Endpoint("triggerAction", Scope.ACTIONS_EXECUTE, this::trigger));
  }

  private ApiReply trigger(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Connection connection = targets.fromHeaders(request, caller);
    if (request.header("X-Async").filter("true"::equalsIgnoreCase).isPresent()) {
      throw ApiError.of(
          501, "not_implemented", "Actions run synchronously only: leave out X-Async");
    }
    Fields body = Fields.body(request.json());
    String action = body.text("action_name", TextRule.NAME);
    JsonNode input = body.any("input").orElseGet(NullNode::getInstance);
    body.check();
    return switch (runner.run(connection, action, input)) {
      case ActionOutcome.Done done -> ApiReply.ok(done.output());
      case ActionOutcome.NotFound missing -> throw ApiError.notFound("Action not found");
      case ActionOutcome.Broken broken ->
          throw new IllegalStateException(
              "action " + action + " of " + connection.label() + " failed", broken.cause());
      case ActionOutcome failed -> throw ActionErrors.of(failed);
    };
  }
}
