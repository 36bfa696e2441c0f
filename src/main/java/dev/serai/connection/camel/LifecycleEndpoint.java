package dev.serai.connection.camel;

import dev.serai.connection.lifecycle.Event;
import dev.serai.connection.lifecycle.LifecycleRoutes;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The beginning of a route of connections' lives; it has no options. */
final class LifecycleEndpoint extends DefaultEndpoint {
  private final String provider;
  private final Event event;
  private final LifecycleRoutes routes;

  LifecycleEndpoint(
      String uri, Component component, String provider, Event event, LifecycleRoutes routes) {
    super(uri, component);
    this.provider = provider;
    this.event = event;
    this.routes = routes;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    LifecycleConsumer consumer = new LifecycleConsumer(this, processor, provider, event, routes);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        "connection:<provider>/<event> begins a route, it cannot be a step of one");
  }
}
