package dev.serai.outbox.camel;

import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The options of {@code outbox:deliveries}. */
public final class OutboxEndpoint extends DefaultEndpoint {
  private final OutboxComponent.Needs needs;
  private int concurrency = 32;
  private Duration poll = Duration.ofSeconds(1);
  private Duration timeout = Duration.ofSeconds(20);

  OutboxEndpoint(String uri, OutboxComponent component, OutboxComponent.Needs needs) {
    super(uri, component);
    this.needs = needs;
  }

  /** So many webhooks under way at a time on this node. */
  public void setConcurrency(int concurrency) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1");
    }
    this.concurrency = concurrency;
  }

  int concurrency() {
    return concurrency;
  }

  /** How often to look for what nobody rang for: other nodes' messages and repeats. */
  public void setPoll(Duration poll) {
    this.poll = poll;
  }

  Duration poll() {
    return poll;
  }

  /** The whole of one try, from connecting to the last byte of the answer; at most 45 s. */
  public void setTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofSeconds(45)) > 0) {
      throw new IllegalArgumentException("timeout must stay below the lease: at most 45 s");
    }
    this.timeout = timeout;
  }

  Duration timeout() {
    return timeout;
  }

  OutboxComponent.Needs needs() {
    return needs;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    DeliveriesConsumer consumer = new DeliveriesConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new IllegalArgumentException(
        "outbox:deliveries can only be read from: messages are written with the change they tell of");
  }
}
