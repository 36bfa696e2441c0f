package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Holds a file against {@code provider.schema.json} and says what to change. */
final class ProviderSchema {
  /** Keywords that only repeat what a nested error says better. */
  private static final Set<String> ECHOES = Set.of("anyOf", "oneOf", "allOf", "if", "then", "else");

  static final JsonNode DOCUMENT = load();

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Json.write(DOCUMENT), InputFormat.JSON);

  private ProviderSchema() {}

  /** Problems in the order of their lines; empty when the file is well-formed. */
  static List<ProviderProblem> check(YamlDocument document) {
    List<Error> errors = SCHEMA.validate(document.root());
    List<Error> precise = errors.stream().filter(e -> !ECHOES.contains(e.getKeyword())).toList();
    List<ProviderProblem> problems = new ArrayList<>();
    for (Error error : precise.isEmpty() ? errors : precise) {
      problems.add(problem(document, error));
    }
    return problems.stream()
        .distinct()
        .sorted(Comparator.comparingInt(ProviderProblem::line))
        .toList();
  }

  private static ProviderProblem problem(YamlDocument document, Error error) {
    String pointer = error.getInstanceLocation().toString();
    String key = error.getProperty();
    String at = key == null || key.isEmpty() ? pointer : pointer + "/" + key;
    boolean unwanted =
        List.of("additionalProperties", "unevaluatedProperties", "propertyNames")
            .contains(error.getKeyword());
    String where = at.isEmpty() ? "the file" : at.substring(1).replace('/', '.');
    return new ProviderProblem(
        document.file(),
        document.line(unwanted ? at : pointer),
        unwanted ? where + ": this key is unknown here" : where + ": " + error.getMessage(),
        remedy(error));
  }

  private static String remedy(Error error) {
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          "correct its spelling or remove it; known here: " + known(error);
      case "propertyNames" ->
          "remove it, or choose the kind it belongs to; see docs/provider-yaml.md";
      case "required" -> "add it: " + description(error);
      case "enum", "const" -> "use one of the words named";
      case "type" -> "write a value of that type; quote text that looks like a number";
      case "pattern" -> "write it in the form shown in docs/provider-yaml.md";
      default -> "see docs/provider-yaml.md";
    };
  }

  private static String known(Error error) {
    JsonNode parent = DOCUMENT.at(parentOf(fragment(error)) + "/properties");
    return new TreeSet<>(parent.properties().stream().map(java.util.Map.Entry::getKey).toList())
        .stream().collect(Collectors.joining(", "));
  }

  private static String description(Error error) {
    return DOCUMENT
        .at(parentOf(fragment(error)) + "/properties")
        .path(String.valueOf(error.getProperty()))
        .path("description")
        .asText("see docs/provider-yaml.md");
  }

  private static String fragment(Error error) {
    String location = error.getSchemaLocation().toString();
    return location.substring(location.indexOf('#') + 1);
  }

  private static String parentOf(String pointer) {
    return pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
  }

  private static JsonNode load() {
    try (InputStream in =
        ProviderSchema.class.getResourceAsStream("/schemas/provider.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("schemas/provider.schema.json is missing from the build");
      }
      return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
