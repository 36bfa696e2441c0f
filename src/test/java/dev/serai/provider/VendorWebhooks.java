package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      WebhookSpec spec = spec(said.path("webhooks"), problems);
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
    var whole = Json.object().put("name", "x").put("display_name", "X");
    whole.putObject("auth").put("type", "none");
    whole.put("base_url", "https://x.example.com");
    whole.set("webhooks", webhooks);
    YamlDocument document = new YamlDocument(Path.of("provider.yaml"), whole, Map.of());
    problems.addAll(ProviderSchema.check(document));
    return WebhookWords.read(new Words(document, whole.path("webhooks"), "/webhooks", problems));
  }
}
