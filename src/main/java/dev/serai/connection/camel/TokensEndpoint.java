package dev.serai.connection.camel;

import dev.serai.connection.TokenUpkeep;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Looks once after idle and orphaned tokens; stops with Camel. */
final class TokensEndpoint extends DefaultEndpoint {
  private final TokenUpkeep upkeep;

  TokensEndpoint(String uri, TokensComponent component, TokenUpkeep upkeep) {
    super(uri, component);
    this.upkeep = upkeep;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        upkeep.run(() -> !exchange.getContext().isStopping());
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("tokens:refresh is a step, not the beginning");
  }
}
