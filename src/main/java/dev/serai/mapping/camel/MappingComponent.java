package dev.serai.mapping.camel;

import dev.serai.mapping.Mappings;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code mapping:<provider>/<name>} turns the body by that mapping: an array record by record (what
 * maps to null is left out), anything else as a whole. The mapping sees {@code $connection} (id,
 * config) and, in actions, {@code $input}; never credentials.
 */
public final class MappingComponent extends DefaultComponent {
  private final Mappings mappings;

  public MappingComponent(Mappings mappings) {
    this.mappings = mappings;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    String[] parts = remaining.split("/", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw new IllegalArgumentException(
          "'" + uri + "' must be mapping:<provider>/<name>, e.g. mapping:zendesk/ticket");
    }
    return new MappingEndpoint(uri, this, mappings, parts[0], parts[1]);
  }
}
