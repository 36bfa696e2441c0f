package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Holds a fixture against {@code fixture.schema.json}. */
final class FixtureSchema {
  private static final int MOST = 5;

  // Asked for one kind: with both on offer every fault would be told twice.
  private static final Map<String, Schema> SCHEMAS =
      Map.of("sync", of("sync"), "action", of("action"), "webhook", of("webhook"));

  private FixtureSchema() {}

  static List<ProviderProblem> check(Path file, String kind, JsonNode fixture) {
    return Objects.requireNonNull(SCHEMAS.get(kind)).validate(fixture).stream()
        .limit(MOST)
        .map(error -> problem(file, error))
        .toList();
  }

  private static ProviderProblem problem(Path file, Error error) {
    return new ProviderProblem(
        file, 0, error.getInstanceLocation() + ": " + error.getMessage(), "see docs/fixtures.md");
  }

  private static Schema of(String kind) {
    try (InputStream in = FixtureSchema.class.getResourceAsStream("/schemas/fixture.schema.json")) {
      ObjectNode document = (ObjectNode) Json.parse(Objects.requireNonNull(in).readAllBytes());
      document.remove("$id"); // one document, two schemas
      ((ObjectNode) document.at("/properties/cases"))
          .set("items", Json.object().put("$ref", "#/$defs/" + kind));
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Json.write(document), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
