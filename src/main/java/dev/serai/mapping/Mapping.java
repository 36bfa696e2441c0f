package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import com.schibsted.spt.data.jslt.ResourceResolver;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One {@code .jslt} file, compiled. As JSLT has it, a key whose value is null or an empty list or
 * object is left out: models read absent as none, and a write must not clear at the provider what
 * the caller did not mention. Thread-safe.
 */
public final class Mapping {
  private final Path file;
  private final Expression expression;

  private Mapping(Path file, Expression expression) {
    this.file = file;
    this.expression = expression;
  }

  /**
   * @throws IOException when the file cannot be read
   * @throws JsltException with line and column when it is no JSLT
   */
  static Mapping compile(Path file) throws IOException {
    Expression expression =
        new Parser(new StringReader(Files.readString(file)))
            .withSource(String.valueOf(file.getFileName()))
            .withResourceResolver(beside(file))
            .compile();
    return new Mapping(file, expression);
  }

  /**
   * @param variables by their names in the file, without the dollar sign
   */
  public JsonNode apply(JsonNode input, Map<String, JsonNode> variables) {
    try {
      JsonNode mapped = expression.apply(variables, input);
      return mapped == null ? NullNode.instance : mapped;
    } catch (JsltException e) {
      throw new MappingFailure(
          "mapping_failed",
          "%s:%d: this line cannot map what the provider sent (column %d)"
              .formatted(file, e.getLine(), e.getColumn()));
    }
  }

  /** Imports come from the same folder and nowhere else. */
  private static ResourceResolver beside(Path file) {
    return name -> {
      Path folder = file.toAbsolutePath().normalize().getParent();
      Path imported = folder == null ? null : folder.resolve(name).normalize();
      if (imported == null || !imported.startsWith(folder) || !Files.isRegularFile(imported)) {
        throw new JsltException("there is no file '" + name + "' beside this one");
      }
      try {
        return new StringReader(Files.readString(imported));
      } catch (IOException e) {
        throw new JsltException("'" + name + "' cannot be read", e);
      }
    };
  }
}
