package dev.serai.record;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields named by dotted paths from the top, as a tree; a path goes through the elements of a list.
 * Built once, read by any thread.
 */
final class FieldSet {
  static final FieldSet NONE = new FieldSet();

  private final Map<String, FieldSet> children = new HashMap<>();
  private boolean whole;

  private FieldSet() {}

  static FieldSet of(Collection<String> paths) {
    FieldSet root = new FieldSet();
    for (String path : paths) {
      FieldSet at = root;
      for (String name : path.split("\\.", -1)) {
        at = at.children.computeIfAbsent(name, key -> new FieldSet());
      }
      at.whole = true;
    }
    return root;
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  /** True: the field itself is named, with all that is in it. */
  boolean whole() {
    return whole;
  }

  /** What is named below a field; null: nothing. */
  @Nullable FieldSet below(String name) {
    return children.get(name);
  }
}
