package dev.serai.sync.camel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionConsumer;
import dev.serai.record.RecordPage;
import dev.serai.sync.PageRoute;
import dev.serai.sync.SyncDefinition;
import dev.serai.sync.SyncRegistry;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Processor;

/**
 * Offers its route to the engine as long as it runs. The engine, not the route, decides what
 * becomes of a page: only a route that came back without exception, rollback mark or failure is
 * committed.
 */
final class SyncConsumer extends ConnectionConsumer implements PageRoute {
  private final SyncDefinition definition;
  private final SyncRegistry registry;

  SyncConsumer(
      SyncEndpoint endpoint,
      Processor processor,
      SyncDefinition definition,
      SyncRegistry registry) {
    super(endpoint, processor);
    this.definition = definition;
    this.registry = registry;
  }

  @Override
  public Optional<Throwable> process(Connection connection, ArrayNode records, RecordPage page) {
    try {
      var unused = steps(connection, records, Map.of(RecordPage.PROPERTY, page));
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(e);
    }
  }

  @Override
  protected void offer() {
    registry.register(definition, this);
  }

  @Override
  protected void withdraw() {
    registry.unregister(definition, this);
  }

  @Override
  protected void doSuspend() {
    registry.suspend(definition.key(), true);
  }

  @Override
  protected void doResume() {
    registry.suspend(definition.key(), false);
  }
}
