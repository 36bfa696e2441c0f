package dev.serai.sync;

import java.util.Set;

/**
 * A sync as its route declares it.
 *
 * @param provider the provider's folder
 * @param name the sync's and the stream's name
 * @param models the models it is expected to fill, as its {@code model} parameter names them
 */
public record SyncDefinition(String provider, String name, Set<String> models, Schedule schedule) {
  /** {@code provider/name}: how the database rows of a sync find their route. */
  public String key() {
    return provider + "/" + name;
  }
}
