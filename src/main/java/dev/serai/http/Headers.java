package dev.serai.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header lines in order; names compare without regard to case. Immutable. */
public record Headers(List<Line> lines) {
  public record Line(String name, String value) {

    @Override
    public String toString() {
      return name;
    }
  }

  public static final Headers NONE = new Headers(List.of());

  public Headers {
    lines = List.copyOf(lines);
  }

  public Optional<String> first(String name) {
    return lines.stream().filter(l -> l.name().equalsIgnoreCase(name)).map(Line::value).findFirst();
  }

  public List<String> all(String name) {
    return lines.stream().filter(l -> l.name().equalsIgnoreCase(name)).map(Line::value).toList();
  }

  /** A copy in which this name has this one value. */
  public Headers with(String name, String value) {
    List<Line> copy = new ArrayList<>(lines);
    copy.removeIf(l -> l.name().equalsIgnoreCase(name));
    copy.add(new Line(name, value));
    return new Headers(copy);
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
