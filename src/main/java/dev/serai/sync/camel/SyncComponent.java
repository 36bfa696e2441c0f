package dev.serai.sync.camel;

import dev.serai.stream.Streams;
import dev.serai.sync.SyncEngine;
import dev.serai.sync.SyncRegistry;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code sync:<provider>/<stream>} begins a sync route: for every connection that is due the route
 * receives one exchange per page. {@code sync:tick} (a producer) makes this node look for due
 * syncs; a timer route calls it.
 */
public final class SyncComponent extends DefaultComponent {
  private final SyncRegistry registry;
  private final Streams streams;
  private final Supplier<SyncEngine> engine;

  public SyncComponent(SyncRegistry registry, Streams streams, Supplier<SyncEngine> engine) {
    this.registry = registry;
    this.streams = streams;
    this.engine = engine;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (remaining.equals("tick")) {
      return new SyncTickEndpoint(uri, this, engine);
    }
    String[] parts = remaining.split("/", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw new IllegalArgumentException(
          "'" + uri + "' must be sync:<provider>/<stream>, e.g. sync:zendesk/tickets");
    }
    SyncEndpoint endpoint = new SyncEndpoint(uri, this, parts[0], parts[1], registry, streams);
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
