package dev.serai.sync.camel;

import dev.serai.sync.SyncEngine;
import java.util.function.Supplier;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Makes this node look for due syncs; answers at once, the runs go on by themselves. */
final class SyncTickEndpoint extends DefaultEndpoint {
  private final Supplier<SyncEngine> engine;

  SyncTickEndpoint(String uri, SyncComponent component, Supplier<SyncEngine> engine) {
    super(uri, component);
    this.engine = engine;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        engine.get().tick();
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("sync:tick is a step, not the beginning of a route");
  }
}
