package dev.serai.inbox.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionConsumer;
import dev.serai.inbox.WebhookRoute;
import dev.serai.inbox.WebhookRoutes;
import dev.serai.record.RecordPage;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;

/** Offers its route to the inbox as long as it runs; every event gets an exchange of its own. */
final class WebhookConsumer extends ConnectionConsumer implements WebhookRoute {
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
    try {
      var unused = steps(connection, event, Map.of(RecordPage.PROPERTY, page));
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(e);
    }
  }

  @Override
  protected void offer() {
    routes.register(place.provider(), place.events(), registered);
  }

  @Override
  protected void withdraw() {
    routes.unregister(place.provider(), place.events(), registered);
  }

  // A suspended route still works off what is in the inbox.
  @Override
  protected void doSuspend() {}

  @Override
  protected void doResume() {}
}
