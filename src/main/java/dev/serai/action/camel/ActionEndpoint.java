package dev.serai.action.camel;

import dev.serai.action.ActionDefinition;
import dev.serai.action.ActionRegistry;
import dev.serai.record.Models;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * The options of an action route.
 *
 * <ul>
 *   <li>{@code input}: the schema of what callers send, e.g. {@code TicketCreate}
 *   <li>{@code output}: the schema of what it answers, e.g. {@code Ticket}
 * </ul>
 *
 * Both name a unified model or a file in the provider's {@code schemas/}; left out, anything goes.
 */
public final class ActionEndpoint extends DefaultEndpoint {
  private final String provider;
  private final String name;
  private final ActionRegistry registry;
  private final Models models;
  private @Nullable String input;
  private @Nullable String output;

  ActionEndpoint(
      String uri,
      ActionComponent component,
      String provider,
      String name,
      ActionRegistry registry,
      Models models) {
    super(uri, component);
    this.provider = provider;
    this.name = name;
    this.registry = registry;
    this.models = models;
  }

  /** Refuses a schema that nobody knows at the route's start, not at the first call. */
  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    requireKnown(input);
    requireKnown(output);
    ActionDefinition definition = new ActionDefinition(provider, name, input, output);
    ActionConsumer consumer = new ActionConsumer(this, processor, definition, registry);
    configureConsumer(consumer);
    return consumer;
  }

  private void requireKnown(@Nullable String schema) {
    if (schema != null && models.find(provider, schema).isEmpty()) {
      throw new IllegalArgumentException(
          "action:%s/%s names the schema %s: add it as providers/%s/schemas/%s.json or use a unified model"
              .formatted(provider, name, schema, provider, schema));
    }
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException("action: begins a route, it cannot be a step of one");
  }

  public @Nullable String getInput() {
    return input;
  }

  public void setInput(String input) {
    this.input = input;
  }

  public @Nullable String getOutput() {
    return output;
  }

  public void setOutput(String output) {
    this.output = output;
  }
}
