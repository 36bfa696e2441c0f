package dev.serai.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text with <code>${name}</code> places and nothing else: no expressions, no nesting, no functions.
 * Names are checked when the file is loaded, so filling cannot meet an unknown one. Immutable.
 */
public record Template(String text, List<Part> parts) {
  private static final char PLACE = '\uE000';
  private static final Pattern OWN_NAME = Pattern.compile("(\\.[A-Za-z0-9-]+){2,}(:[0-9]{1,5})?");

  /** Literal text, or the name of a value. */
  public sealed interface Part {
    record Literal(String text) implements Part {}

    record Place(String name) implements Part {}
  }

  /**
   * @throws IllegalArgumentException when a place is not closed or has a name that is not known
   */
  public static Template parse(String text, Set<String> known) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", from)) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("'" + text + "': a ${ is not closed by }");
      }
      String name = text.substring(open + 2, close).strip();
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "${"
                + name
                + "} is unknown here; known: "
                + known.stream()
                    .sorted()
                    .map(k -> "${" + k + "}")
                    .collect(Collectors.joining(", ")));
      }
      if (open > from) {
        parts.add(new Part.Literal(text.substring(from, open)));
      }
      parts.add(new Part.Place(name));
      from = close + 1;
    }
    if (from < text.length()) {
      parts.add(new Part.Literal(text.substring(from)));
    }
    return new Template(text, List.copyOf(parts));
  }

  /** Whether it has a place for any of these. */
  public boolean uses(Set<String> names) {
    return parts.stream()
        .anyMatch(part -> part instanceof Part.Place place && names.contains(place.name()));
  }

  /**
   * The places whose values decide which host an address leads to. A literal ending of the host's
   * name that has a name of its own, such as {@code .acme.example}, leaves them none of it.
   */
  public Set<String> hosts() {
    StringBuilder shape = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal literal -> shape.append(literal.text());
        case Part.Place place -> {
          shape.append(PLACE);
          names.add(place.name());
        }
      }
    }
    boolean front = shape.indexOf(String.valueOf(PLACE)) == 0;
    int from = front ? 0 : Math.max(0, shape.indexOf("://") + 3);
    String host = shape.substring(from).split("[/?#]", 2)[0];
    String ending = host.substring(host.lastIndexOf(PLACE) + 1);
    if (ending.equals(host) || (!front && OWN_NAME.matcher(ending).matches())) {
      return Set.of();
    }
    String before = shape.substring(0, from + host.length());
    return Set.copyOf(names.subList(0, (int) before.chars().filter(c -> c == PLACE).count()));
  }

  public String fill(UnaryOperator<String> values) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(
          switch (part) {
            case Part.Literal literal -> literal.text();
            case Part.Place place -> values.apply(place.name());
          });
    }
    return out.toString();
  }
}
