package dev.serai.record.camel;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** A step of housekeeping: chunked work that may be called however often and stops with Camel. */
final class ChoreEndpoint extends DefaultEndpoint {
  private final Consumer<BooleanSupplier> chore;

  /**
   * @param chore is given what to ask, before every chunk, whether to go on
   */
  ChoreEndpoint(String uri, RecordsComponent component, Consumer<BooleanSupplier> chore) {
    super(uri, component);
    this.chore = chore;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        chore.accept(() -> !exchange.getContext().isStopping());
      }
    };
  }

  @Override
  public org.apache.camel.Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        getEndpointUri() + " is a step, not the beginning of a route");
  }
}
