package dev.serai.inbox.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.inbox.WebhookRoute;
import dev.serai.inbox.WebhookRoutes;
import dev.serai.record.RecordPage;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/** Offers its route to the inbox as long as it runs; every event gets an exchange of its own. */
final class WebhookConsumer extends DefaultConsumer implements WebhookRoute, Suspendable {
  /** What it is for. */
  record Place(String provider, Set<String> events, String sync) {}

  private final Place place;
  private final WebhookRoutes routes;
  private final WebhookRoutes.Registered registered;

  WebhookConsumer(Endpoint endpoint, Processor processor, Place place, WebhookRoutes routes) {
    super(endpoint, processor);
    this.place = place;
    this.routes = routes;
    this.registered = new WebhookRoutes.Registered(this, place.sync());
  }

  @Override
  public Optional<Throwable> process(Connection connection, JsonNode event, RecordPage page) {
    Exchange exchange = createExchange(false);
    try {
      exchange.setProperty(ConnectionExchange.CONNECTION, connection);
      exchange.setProperty(RecordPage.PROPERTY, page);
      exchange.getMessage().setBody(event);
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
          new IllegalStateException("route " + getRouteId() + " marked the event for rollback"));
    }
    return Optional.empty();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    routes.register(place.provider(), place.events(), registered);
  }

  @Override
  protected void doStop() throws Exception {
    routes.unregister(place.provider(), place.events(), registered);
    super.doStop();
  }
}
