package dev.serai.inbox.camel;

import dev.serai.inbox.WebhookRoutes;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The options of a webhook route.
 *
 * <ul>
 *   <li>{@code sync}: the sync whose records it saves, e.g. {@code tickets}; they then belong to it
 *       as if it had read them, so that its full reads find those that are gone
 * </ul>
 */
public final class WebhookEndpoint extends DefaultEndpoint {
  private final String provider;
  private final Set<String> events;
  private final WebhookRoutes routes;
  private String sync = "";

  WebhookEndpoint(
      String uri,
      WebhookComponent component,
      String provider,
      String events,
      WebhookRoutes routes) {
    super(uri, component);
    this.provider = provider;
    this.events =
        Arrays.stream(events.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    this.routes = routes;
    if (this.events.contains("")) {
      throw new IllegalArgumentException("'" + uri + "' names an empty event");
    }
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    WebhookConsumer consumer =
        new WebhookConsumer(
            this, processor, new WebhookConsumer.Place(provider, events, sync), routes);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException("webhook: begins a route, it cannot be a step of one");
  }

  public String getSync() {
    return sync;
  }

  public void setSync(String sync) {
    this.sync = sync;
  }
}
