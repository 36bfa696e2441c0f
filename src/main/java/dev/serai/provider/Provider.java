package dev.serai.provider;

import dev.serai.http.HttpCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.regex.Pattern;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What provider.yaml says, checked and compiled. Immutable.
 *
 * @param folder where its mappings, routes and schemas are
 * @param auth how connections usually prove themselves; {@code alternatives} are accepted too
 * @param baseUrl filled from a connection's configuration, like {@code headers}
 * @param config what a connection must configure
 * @param verify null: credentials are accepted unseen
 * @param models by name as the file spells it
 * @param webhooks null: it sends none that we take
 */
public record Provider(
    String name,
    Path folder,
    String displayName,
    List<String> categories,
    @Nullable String docs,
    Auth auth,
    List<Auth> alternatives,
    Renewing renewing,
    Template baseUrl,
    Map<String, ConfigField> config,
    Map<String, Template> headers,
    Retry retry,
    HttpCall.Limits limits,
    Concurrency concurrency,
    @Nullable Verify verify,
    Map<String, StreamSpec> streams,
    Map<String, ModelSpec> models,
    @Nullable WebhookSpec webhooks) {

  /** Every way in, the usual one first. */
  public List<Auth> ways() {
    return Stream.concat(Stream.of(auth), alternatives.stream()).toList();
  }

  /** The fields of the configuration that it tells itself, in one of its ways. */
  public Set<String> told() {
    return ways().stream().flatMap(way -> way.told().stream()).collect(Collectors.toSet());
  }

  /** The way in which the customer consents at the provider: there is one at most. */
  public Optional<Auth> consent() {
    return ways().stream().filter(Auth::consents).findFirst();
  }

  /** How it takes credentials of this type, a wire name such as {@code OAUTH2}. */
  public Optional<Auth> auth(String credentials) {
    return ways().stream().filter(way -> way.credentials().equals(credentials)).findFirst();
  }

  /** Whether the text holds a value that only the authorizer may fill in. */
  public boolean secret(Template template) {
    return template.uses(new Names(config).secret());
  }

  /** When tokens of credentials of this type are renewed. */
  public Renewing renewing(String credentials) {
    return auth(credentials).map(way -> way.renewing().schedule()).orElse(Renewing.USUAL);
  }

  /**
   * When tokens are renewed.
   *
   * @param margin so long before its end
   * @param grace so long after a refresh token was replaced the provider still takes the old one;
   *     zero: not at all
   * @param lifetime of tokens whose end the provider does not state; null: learned, if ever
   * @param idle a refresh token that is not used for so long dies; null: it does not
   */
  public record Renewing(
      Duration margin, Duration grace, @Nullable Duration lifetime, @Nullable Duration idle) {
    public static final Renewing USUAL =
        new Renewing(Duration.ofMinutes(5), Duration.ZERO, null, null);
  }

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

  /**
   * One value of a connection's configuration.
   *
   * @param secret sealed with the credentials, and shown to nobody
   */
  public record ConfigField(
      String title,
      String description,
      Pattern pattern,
      String example,
      boolean required,
      boolean secret,
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

  /**
   * The call that proves credentials.
   *
   * @param expect must hold on its body too
   * @param account who it is at the provider, on its body; null: it does not say
   */
  public record Verify(
      String method,
      String path,
      @Nullable JsonNode body,
      Set<Integer> statuses,
      @Nullable Jslt expect,
      @Nullable Jslt account) {}
}
