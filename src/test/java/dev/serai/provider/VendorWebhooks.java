package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.Json;
import dev.serai.provider.Provider.ConfigField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@code webhooks/}: what a vendor's folder declares is read as a folder is read. */
public final class VendorWebhooks {
  private VendorWebhooks() {}

  /** One file; {@code said} is the whole of it. */
  public record Vendor(String name, WebhookSpec spec, JsonNode said) {
    @Override
    public String toString() {
      return name + ", " + said.at("/source/example").asText();
    }
  }

  public static List<Vendor> all() {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/webhooks"))) {
      return files.sorted().map(VendorWebhooks::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vendor read(Path file) {
    try {
      JsonNode said = Json.parse(Files.readAllBytes(file));
      List<ProviderProblem> problems = new ArrayList<>();
      WebhookSpec spec = spec(said.path("webhooks"), said.path("connection_config"), problems);
      if (spec == null || !problems.isEmpty()) {
        throw new IllegalStateException(file + ": " + problems);
      }
      return new Vendor(said.path("vendor").asText(), spec, said);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** Notes what provider.yaml would refuse. */
  public static WebhookSpec spec(JsonNode webhooks, List<ProviderProblem> problems) {
    return spec(webhooks, MissingNode.getInstance(), problems);
  }

  private static WebhookSpec spec(
      JsonNode webhooks, JsonNode config, List<ProviderProblem> problems) {
    Path file = Path.of("provider.yaml");
    JsonNode whole = provider(webhooks, config);
    YamlDocument document = new YamlDocument(file, whole, Map.of());
    problems.addAll(ProviderSchema.check(document));
    Map<String, ConfigField> fields = new HashMap<>();
    config
        .properties()
        .forEach(field ->
            fields.put(
                field.getKey(),
                new ConfigField(
                    "",
                    "",
                    Pattern.compile(""),
                    "",
                    false,
                    field.getValue().path("secret").asBoolean(),
                    null)));
    return WebhookWords.read(
        new Words(document, whole.path("webhooks"), "/webhooks", problems), fields);
  }

  /** The provider.yaml around it; JSON is YAML. */
  public static JsonNode provider(JsonNode webhooks, JsonNode config) {
    var whole = Json.object().put("name", "desk").put("display_name", "X");
    whole.putObject("auth").put("type", "none");
    whole.put("base_url", "https://x.example.com");
    if (config.isObject()) {
      whole.set("connection_config", config);
    }
    whole.set("webhooks", webhooks);
    return whole;
  }
}
