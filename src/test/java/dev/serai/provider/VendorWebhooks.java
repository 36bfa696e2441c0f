package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The declarations of {@code webhooks/vendors.yaml}, read as a provider's folder is read. */
public final class VendorWebhooks {
  private VendorWebhooks() {}

  /** One row; {@code said} is the whole of it. */
  public record Vendor(String name, WebhookSpec spec, JsonNode said) {
    @Override
    public String toString() {
      return name + ", " + said.path("source").asText();
    }
  }

  public static List<Vendor> all() throws Exception {
    Path file = Path.of("src/test/resources/webhooks/vendors.yaml");
    List<Vendor> vendors = new ArrayList<>();
    for (JsonNode row : YamlDocument.parse(file, Files.readString(file)).root()) {
      vendors.add(new Vendor(row.path("vendor").asText(), spec(row), row));
    }
    return vendors;
  }

  /** Refuses what provider.yaml would refuse. */
  private static WebhookSpec spec(JsonNode row) {
    var whole = dev.serai.Json.object().put("name", "x").put("display_name", "X");
    whole.putObject("auth").put("type", "none");
    whole.put("base_url", "https://x.example.com");
    whole.set("webhooks", row.path("webhooks"));
    YamlDocument document = new YamlDocument(Path.of("vendors.yaml"), whole, Map.of());
    List<ProviderProblem> problems = new ArrayList<>(ProviderSchema.check(document));
    WebhookSpec spec =
        WebhookWords.read(new Words(document, whole.path("webhooks"), "/webhooks", problems));
    if (spec == null || !problems.isEmpty()) {
      throw new IllegalStateException(row.path("vendor").asText() + ": " + problems);
    }
    return spec;
  }
}
