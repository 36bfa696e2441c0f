package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.io.StringReader;
import java.util.List;

/** A compiled path or condition from provider.yaml. Thread-safe. */
public record Jslt(String text, Expression expression) {
  /**
   * @throws IllegalArgumentException when the text is no JSLT expression
   */
  public static Jslt compile(String text) {
    try {
      return new Jslt(text, Parser.compile("provider.yaml", new StringReader(text), List.of()));
    } catch (JsltException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no JSLT expression: " + e.getMessageWithoutLocation(), e);
    }
  }

  /** The value on this input; JSON null where there is none. */
  public JsonNode apply(JsonNode input) {
    JsonNode value = expression.apply(input);
    return value == null || value.isMissingNode() ? NullNode.instance : value;
  }

  /** Truth as JSLT sees it: false, null and empty arrays and objects are not true. */
  public boolean holds(JsonNode input) {
    JsonNode value = apply(input);
    return !value.isNull()
        && !(value.isBoolean() && !value.booleanValue())
        && !(value.isContainerNode() && value.isEmpty());
  }
}
