package dev.serai.record.camel;

import dev.serai.record.Models;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordWriter;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code records:<Model>} hands the body to the page of the exchange; {@code ?delete=true} hands
 * over deletions. {@code records:sweep} removes, for a timer route, what deleted connections left.
 */
public final class RecordsComponent extends DefaultComponent {
  private static final Pattern NAME = Pattern.compile("[A-Z][a-zA-Z0-9_-]{0,254}");

  private final RecordWriter writer;
  private final Models models;
  private final RecordPruning pruning;

  public RecordsComponent(RecordWriter writer, Models models, RecordPruning pruning) {
    this.writer = writer;
    this.models = models;
    this.pruning = pruning;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (remaining.equals("sweep")) {
      return new SweepEndpoint(uri, this, pruning);
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
