package dev.serai.record.camel;

import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code records:<Model>} hands the body to the page of the exchange; {@code ?delete=true} hands
 * over deletions. {@code records:<chore>} does, for a timer route, one of the chores it was given.
 */
public final class RecordsComponent extends DefaultComponent {
  private static final Pattern NAME = Pattern.compile("[A-Z][a-zA-Z0-9_-]{0,254}");

  private final RecordWriter writer;
  private final Models models;
  private final Map<String, Consumer<BooleanSupplier>> chores;

  /**
   * @param chores by name, in small letters; each is given what to ask, before every chunk, whether
   *     to go on
   */
  public RecordsComponent(
      RecordWriter writer, Models models, Map<String, Consumer<BooleanSupplier>> chores) {
    this.writer = writer;
    this.models = models;
    this.chores = Map.copyOf(chores);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    Consumer<BooleanSupplier> chore = chores.get(remaining);
    if (chore != null) {
      return new ChoreEndpoint(uri, this, chore);
    }
    String model = models.canonical(null, remaining);
    if (!NAME.matcher(model).matches()) {
      throw new IllegalArgumentException(
          "records:%s is not a model's name: a capital letter, then letters, digits, _ or -"
              .formatted(remaining));
    }
    RecordsEndpoint endpoint = new RecordsEndpoint(uri, this, writer, model);
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
