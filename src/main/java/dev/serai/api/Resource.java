package dev.serai.api;

import java.util.List;

/** The handlers of one resource. Implementations are thread-safe and keep nothing between calls. */
public interface Resource {
  /** What it answers. */
  List<Endpoint> endpoints();
}
