package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The reference is written from the schema, so it cannot say anything else. {@code mvn -q test
 * -Dtest=ProviderDocsTest -Ddocs=apply} rewrites it.
 */
class ProviderDocsTest {
  private static final Path DOCS = Path.of("docs/provider-yaml.md");
  private static final String BEGIN = "<!-- from here on generated -->\n";
  private static final JsonNode SCHEMA = ProviderSchema.DOCUMENT;

  @Test
  void the_reference_says_what_the_schema_says() throws Exception {
    String text = Files.readString(DOCS);
    String head = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
    String expected = head + reference();
    if ("apply".equals(System.getProperty("docs"))) {
      Files.writeString(DOCS, expected);
    }

    assertThat(Files.readString(DOCS))
        .as("run: mvn -q test -Dtest=ProviderDocsTest -Ddocs=apply")
        .isEqualTo(expected);
  }

  @Test
  void every_key_is_described_and_its_example_is_valid() {
    List<String> wrong = new ArrayList<>();
    walk("", SCHEMA, wrong, true);
    assertThat(wrong).isEmpty();
  }

  @Test
  void the_whole_example_on_top_of_the_page_is_a_valid_provider() throws Exception {
    String text = Files.readString(DOCS);
    int from = text.indexOf("```yaml\n") + 8;
    String yaml = text.substring(from, text.indexOf("```", from));
    Path folder = Files.createTempDirectory("docs").resolve("redmine");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("provider.yaml"), yaml);

    assertThat(new ProviderReader(folder).read().problems()).isEmpty();
  }

  private static void walk(String at, JsonNode node, List<String> wrong, boolean withDefs) {
    for (Map.Entry<String, JsonNode> key : node.path("properties").properties()) {
      String name = at + "." + key.getKey();
      if (key.getValue().path("description").asText().isBlank()) {
        wrong.add(name + " has no description");
      }
      for (JsonNode example : key.getValue().path("examples")) {
        if (!valid(key.getValue(), example)) {
          wrong.add(name + ": its example is not valid: " + example);
        }
      }
      walk(name, key.getValue(), wrong, false);
    }
    node.path("anyOf").forEach(child -> walk(at, child, wrong, false));
    walkItems(at, node, wrong);
    if (withDefs) {
      node.path("$defs").properties().forEach(d -> walk(d.getKey(), d.getValue(), wrong, false));
    }
  }

  private static void walkItems(String at, JsonNode node, List<String> wrong) {
    if (node.path("items").isObject()) {
      walk(at + "[]", node.path("items"), wrong, false);
    }
  }

  private static boolean valid(JsonNode schema, JsonNode example) {
    var alone = (com.fasterxml.jackson.databind.node.ObjectNode) schema.deepCopy();
    alone.set("$defs", SCHEMA.get("$defs"));
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Json.write(alone), InputFormat.JSON);
    return compiled.validate(example).isEmpty();
  }

  private static String reference() {
    StringBuilder out = new StringBuilder();
    section(out, "The file", SCHEMA);
    for (String name :
        List.of(
            "auth",
            "entry",
            "answer",
            "send",
            "refresh",
            "field",
            "model",
            "stream",
            "pagination",
            "stop",
            "into",
            "incremental",
            "deletes")) {
      section(out, title(name), SCHEMA.at("/$defs/" + name));
    }
    return out.toString();
  }

  private static String title(String name) {
    return switch (name) {
      case "auth" -> "auth and alternative_auth";
      case "entry" -> "auth.fields: one field";
      case "step" -> "auth.steps: one request";
      case "assertion", "answer", "send", "refresh" -> "auth." + name;
      case "field" -> "connection_config: one field";
      case "model" -> "models: one model";
      default -> name;
    };
  }

  private static void section(StringBuilder out, String title, JsonNode node) {
    out.append("\n## ").append(title).append("\n").append(node.path("description").asText());
    out.append("\n\n| key | meaning | default | example |\n|---|---|---|---|\n");
    rows(out, "", node);
  }

  private static void rows(StringBuilder out, String prefix, JsonNode node) {
    for (Map.Entry<String, JsonNode> entry : node.path("properties").properties()) {
      JsonNode key = entry.getValue();
      out.append("| `").append(prefix).append(entry.getKey()).append("` | ");
      out.append(key.path("description").asText()).append(" | ");
      out.append(key.has("default") ? code(key.get("default")) : "").append(" | ");
      out.append(key.has("examples") ? code(key.at("/examples/0")) : "").append(" |\n");
      rows(out, prefix + entry.getKey() + ".", key);
      if (key.path("items").has("properties")) {
        rows(out, prefix + entry.getKey() + "[].", key.path("items"));
      }
    }
    node.path("anyOf").forEach(child -> rows(out, prefix, child));
  }

  private static String code(JsonNode value) {
    String text = value.isTextual() ? value.asText() : Json.write(value);
    return "`" + text.replace("|", "\\|") + "`";
  }
}
