package dev.serai.sync.camel;

import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.stream.Streams;
import dev.serai.sync.Schedule;
import dev.serai.sync.SyncDefinition;
import dev.serai.sync.SyncRegistry;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a sync route; as a step of another route it has none.
 *
 * <ul>
 *   <li>{@code model}: the models it fills, comma-separated; required
 *   <li>{@code every}: the interval, e.g. {@code 15m}; the shortest is 30 s
 *   <li>{@code cron} and {@code zone}: a Quartz cron expression instead, in a time zone (UTC)
 * </ul>
 */
public final class SyncEndpoint extends DefaultEndpoint {
  private final SyncComponent component;
  private final String provider;
  private final String stream;
  private final SyncRegistry registry;
  private final Streams streams;
  private @Nullable String model;
  private @Nullable Duration every;
  private @Nullable String cron;
  private String zone = "UTC";

  SyncEndpoint(
      String uri,
      SyncComponent component,
      String provider,
      String stream,
      SyncRegistry registry,
      Streams streams) {
    super(uri, component);
    this.component = component;
    this.provider = provider;
    this.stream = stream;
    this.registry = registry;
    this.streams = streams;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    streams.facts(
        provider, stream); // a stream that is not declared is refused here, not at midnight
    SyncConsumer consumer = new SyncConsumer(this, processor, definition(), registry);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    streams.facts(provider, stream);
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        Connection connection = ConnectionExchange.of(exchange);
        if (!connection.provider().equals(provider)) {
          throw new IllegalStateException(
              "a route of %s cannot run sync:%s/%s"
                  .formatted(connection.provider(), provider, stream));
        }
        component.runNow(connection, stream);
      }
    };
  }

  private SyncDefinition definition() {
    return new SyncDefinition(provider, stream, models(), schedule());
  }

  private Set<String> models() {
    if (model == null || model.isBlank()) {
      throw new IllegalArgumentException(
          "sync:" + provider + "/" + stream + " needs the parameter 'model', e.g. model: Ticket");
    }
    return Arrays.stream(model.split(",", -1))
        .map(String::strip)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Schedule schedule() {
    if ((every == null) == (cron == null)) {
      throw new IllegalArgumentException(
          "sync:"
              + provider
              + "/"
              + stream
              + " needs exactly one of 'every' (e.g. every: 15m) and 'cron' (e.g. cron: 0 0 3 * * ?)");
    }
    return every != null
        ? new Schedule.Every(every)
        : new Schedule.Cron(String.valueOf(cron), ZoneId.of(zone));
  }

  public @Nullable String getModel() {
    return model;
  }

  public void setModel(String model) {
    this.model = model;
  }

  public @Nullable Duration getEvery() {
    return every;
  }

  public void setEvery(Duration every) {
    this.every = every;
  }

  public @Nullable String getCron() {
    return cron;
  }

  public void setCron(String cron) {
    this.cron = cron;
  }

  public String getZone() {
    return zone;
  }

  public void setZone(String zone) {
    this.zone = zone;
  }
}
