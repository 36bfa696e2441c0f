package dev.serai.action;

import org.jspecify.annotations.Nullable;

/**
 * An action as its route declares it.
 *
 * @param provider the provider's folder
 * @param name what callers trigger, unique within the provider
 * @param input the schema its input must meet, a unified input model or one of the provider's own;
 *     null: anything
 * @param output the same for what it answers
 */
public record ActionDefinition(
    String provider, String name, @Nullable String input, @Nullable String output) {

  /** {@code provider/name}. */
  public String key() {
    return provider + "/" + name;
  }
}
