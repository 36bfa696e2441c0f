package dev.serai.sync.camel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.record.RecordPage;
import dev.serai.sync.PageRoute;
import dev.serai.sync.SyncDefinition;
import dev.serai.sync.SyncRegistry;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/**
 * Offers its route to the engine as long as it runs. The engine, not the route, decides what
 * becomes of a page: only a route that came back without exception, rollback mark or failure is
 * committed.
 */
final class SyncConsumer extends DefaultConsumer implements PageRoute, Suspendable {
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
    Exchange exchange = createExchange(false);
    try {
      exchange.setProperty(ConnectionExchange.CONNECTION, connection);
      exchange.setProperty(RecordPage.PROPERTY, page);
      exchange.getMessage().setBody(records);
      getProcessor().process(exchange);
      return failure(exchange);
    } catch (Exception e) {
      return Optional.of(e);
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private Optional<Throwable> failure(Exchange exchange) {
    if (exchange.getException() != null) {
      return Optional.of(exchange.getException());
    }
    if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
      return Optional.of(
          new IllegalStateException("route " + getRouteId() + " marked the page for rollback"));
    }
    return Optional.empty();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    registry.register(definition, this);
  }

  @Override
  protected void doStop() throws Exception {
    registry.unregister(definition, this);
    super.doStop();
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
