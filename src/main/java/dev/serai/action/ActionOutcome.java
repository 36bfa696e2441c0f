package dev.serai.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.http.HttpAnswer;
import dev.serai.record.ModelCheck.Fault;
import java.time.Duration;
import java.util.List;

/** What became of an action. */
public sealed interface ActionOutcome {
  /** Its code in the contract's vocabulary; {@code success} if it went well. */
  String code();

  record Done(JsonNode output) implements ActionOutcome {
    @Override
    public String code() {
      return "success";
    }
  }

  /** The provider has no such action, or its route does not run. */
  record NotFound() implements ActionOutcome {
    @Override
    public String code() {
      return "not_found";
    }
  }

  /** Nothing was sent to the provider. */
  record InvalidInput(String schema, List<Fault> faults) implements ActionOutcome {
    @Override
    public String code() {
      return "invalid_action_input";
    }
  }

  /** The provider did it, but the answer is not what the action promises. */
  record InvalidOutput(String schema, List<Fault> faults) implements ActionOutcome {
    @Override
    public String code() {
      return "invalid_action_output";
    }
  }

  /** As {@link InvalidOutput}: it was done. */
  record OutputTooLarge(long bytes, long most) implements ActionOutcome {
    @Override
    public String code() {
      return "script_output_too_large";
    }
  }

  /** The provider said no; its answer is relayed. */
  record Refused(String message, HttpAnswer answer) implements ActionOutcome {
    @Override
    public String code() {
      return "script_http_error";
    }
  }

  /** The provider wants fewer calls, for longer than an action may wait. */
  record RateLimited(String message, HttpAnswer answer) implements ActionOutcome {
    @Override
    public String code() {
      return "script_api_rate_limit_error";
    }
  }

  /** No answer came; it is not known whether the provider did it. */
  record Unreachable(String message) implements ActionOutcome {
    @Override
    public String code() {
      return "script_network_error";
    }
  }

  /** The time was up; the route was interrupted. */
  record TimedOut(Duration after) implements ActionOutcome {
    @Override
    public String code() {
      return "execution_timeout";
    }
  }

  /** A step failed by itself: an error of ours, for the log. */
  record Broken(Throwable cause) implements ActionOutcome {
    @Override
    public String code() {
      return "internal_server_error";
    }
  }
}
