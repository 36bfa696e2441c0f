package dev.serai.provider;

import dev.serai.http.HttpCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What provider.yaml says, checked and compiled. Immutable.
 *
 * @param folder where its mappings, routes and schemas are
 * @param baseUrl filled from a connection's configuration, like {@code headers}
 * @param config what a connection must configure
 * @param verify null: credentials are accepted unseen
 * @param models by name as the file spells it
 */
public record Provider(
    String name,
    Path folder,
    String displayName,
    List<String> categories,
    @Nullable String docs,
    Auth auth,
    Template baseUrl,
    Map<String, ConfigField> config,
    Map<String, Template> headers,
    Retry retry,
    HttpCall.Limits limits,
    Concurrency concurrency,
    @Nullable Verify verify,
    Map<String, StreamSpec> streams,
    Map<String, ModelSpec> models) {

  /** What it says of a model, whatever the case of its name; nothing: {@link ModelSpec#NONE}. */
  public ModelSpec model(String name) {
    return models.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(ModelSpec.NONE);
  }

  /**
   * @param ignored fields, dotted from the top, whose change is none
   */
  public record ModelSpec(List<String> ignored) {
    public static final ModelSpec NONE = new ModelSpec(List.of());
  }

  /** One value of a connection's configuration. */
  public record ConfigField(
      String title,
      String description,
      Pattern pattern,
      String example,
      boolean required,
      @Nullable String defaultValue) {}

  /**
   * @param maxElapsed no attempt starts later than this after the first
   * @param afterHeader the header in which the provider says when to come back
   */
  public record Retry(
      Set<Integer> statuses,
      int maxAttempts,
      Duration maxElapsed,
      String afterHeader,
      Duration base,
      double factor,
      Duration max) {}

  public record Concurrency(int perConnection, int perProvider) {}

  /** The call that proves credentials; {@code expect} must hold on its body too. */
  public record Verify(
      String method,
      String path,
      @Nullable JsonNode body,
      Set<Integer> statuses,
      @Nullable Jslt expect) {}
}
