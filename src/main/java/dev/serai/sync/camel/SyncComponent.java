package dev.serai.sync.camel;

import dev.serai.connection.Connection;
import dev.serai.record.CollectionKey;
import dev.serai.stream.Streams;
import dev.serai.sync.SyncControl;
import dev.serai.sync.SyncEngine;
import dev.serai.sync.SyncRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code sync:<provider>/<stream>} begins a sync route: for every connection that is due the route
 * receives one exchange per page; as a step of another route it makes that sync of the exchange's
 * connection due at once. {@code sync:tick} (a producer) makes this node look for due syncs; a
 * timer route calls it.
 */
public final class SyncComponent extends DefaultComponent {
  /** As {@link SyncControl#trigger}, and this node looks at once. */
  @FunctionalInterface
  public interface Trigger {
    int trigger(List<Connection> connections, List<SyncControl.Name> syncs, SyncControl.Mode mode);
  }

  private final SyncRegistry registry;
  private final Streams streams;
  private final Supplier<SyncEngine> engine;
  private final Trigger trigger;

  /**
   * @param trigger makes a sync due that another route asks for
   */
  public SyncComponent(
      SyncRegistry registry, Streams streams, Supplier<SyncEngine> engine, Trigger trigger) {
    this.registry = registry;
    this.streams = streams;
    this.engine = engine;
    this.trigger = trigger;
  }

  /** Runs the sync of this connection now, or again after the run that is under way. */
  void runNow(Connection connection, String stream) {
    var unused =
        trigger.trigger(
            List.of(connection),
            List.of(new SyncControl.Name(stream, CollectionKey.BASE)),
            SyncControl.Mode.INCREMENTAL);
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
