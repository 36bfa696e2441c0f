package dev.serai.record.camel;

import dev.serai.record.RecordPruning;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Removes what deleted connections left behind, in chunks, however often it is called. */
final class SweepEndpoint extends DefaultEndpoint {
  private final RecordPruning pruning;

  SweepEndpoint(String uri, RecordsComponent component, RecordPruning pruning) {
    super(uri, component);
    this.pruning = pruning;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        int unused = pruning.sweep();
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "records:sweep is a step, not the beginning of a route");
  }
}
