package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as JSON that remembers on which line each value stands. */
record YamlDocument(Path file, JsonNode root, Map<String, Integer> lines) {
  /** YAML that cannot be read at all. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    final transient ProviderProblem problem;

    Unreadable(ProviderProblem problem) {
      super(problem.text());
      this.problem = problem;
    }
  }

  static YamlDocument parse(Path file, String text) throws Unreadable {
    LoadSettings settings =
        LoadSettings.builder().setMaxAliasesForCollections(20).setUseMarks(true).build();
    try {
      Node node =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(
                  () -> unreadable(file, 0, "the file is empty", "start with `name: <folder>`"));
      Map<String, Integer> lines = new HashMap<>();
      return new YamlDocument(file, json(file, node, "", lines, 0), lines);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw unreadable(
          file, line, "not YAML: " + e.getProblem(), "check indentation, quotes and colons there");
    } catch (YamlEngineException e) {
      throw unreadable(file, 0, "not YAML: " + e.getMessage(), "check the file's syntax");
    }
  }

  /** The line of a JSON pointer, or of the nearest parent that has one. */
  int line(String pointer) {
    for (String at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      if (at.isEmpty()) {
        return 1;
      }
    }
  }

  private static JsonNode json(
      Path file, Node node, String pointer, Map<String, Integer> lines, int depth)
      throws Unreadable {
    lines.putIfAbsent(pointer, lineOf(node));
    if (depth > 50) {
      throw unreadable(file, lineOf(node), "nested too deeply", "flatten it");
    }
    return switch (node) {
      case MappingNode mapping -> object(file, mapping, pointer, lines, depth);
      case SequenceNode sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        int i = 0;
        for (Node item : sequence.getValue()) {
          array.add(json(file, item, pointer + "/" + i++, lines, depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default ->
          throw unreadable(file, lineOf(node), "this kind of YAML is not used", "write it out");
    };
  }

  private static ObjectNode object(
      Path file, MappingNode mapping, String pointer, Map<String, Integer> lines, int depth)
      throws Unreadable {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw unreadable(file, lineOf(tuple.getKeyNode()), "a key must be plain text", "quote it");
      }
      String name = key.getValue();
      if (object.has(name)) {
        throw unreadable(
            file, lineOf(key), "'" + name + "' stands here twice", "remove one of them");
      }
      String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
      lines.put(at, lineOf(key));
      object.set(name, json(file, tuple.getValueNode(), at, lines, depth + 1));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String value = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL)) {
      return json.nullNode();
    }
    if (scalar.getTag().equals(Tag.BOOL)) {
      return json.booleanNode(Boolean.parseBoolean(value));
    }
    try {
      if (scalar.getTag().equals(Tag.INT)) {
        BigInteger whole = new BigInteger(value);
        return whole.bitLength() < 32 ? json.numberNode(whole.intValue()) : json.numberNode(whole);
      }
      if (scalar.getTag().equals(Tag.FLOAT)) {
        return json.numberNode(new BigDecimal(value));
      }
    } catch (NumberFormatException e) {
      return json.textNode(value); // 0x10, .inf: no JSON numbers
    }
    return json.textNode(value);
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private static Unreadable unreadable(Path file, int line, String message, String remedy) {
    return new Unreadable(new ProviderProblem(file, line, message, remedy));
  }
}
