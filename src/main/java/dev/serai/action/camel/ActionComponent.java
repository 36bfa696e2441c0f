package dev.serai.action.camel;

import dev.serai.action.ActionRegistry;
import dev.serai.record.Models;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code action:<provider>/<name>} begins an action route. The body is the caller's input, already
 * checked; what the last step leaves in the body is the answer.
 */
public final class ActionComponent extends DefaultComponent {
  private final ActionRegistry registry;
  private final Models models;

  public ActionComponent(ActionRegistry registry, Models models) {
    this.registry = registry;
    this.models = models;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    String[] parts = remaining.split("/", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw new IllegalArgumentException(
          "'" + uri + "' must be action:<provider>/<name>, e.g. action:zendesk/create-ticket");
    }
    ActionEndpoint endpoint = new ActionEndpoint(uri, this, parts[0], parts[1], registry, models);
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
