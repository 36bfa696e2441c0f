package dev.serai.record;

import org.jspecify.annotations.Nullable;

/** What integrators and operators have said about models. Thread-safe; cheap to ask. */
@FunctionalInterface
public interface ModelPolicies {
  /** Nobody has said anything. */
  ModelPolicies NONE = (provider, model) -> ModelPolicy.NONE;

  /**
   * @param provider of the connection; null if it is not known
   * @param model as the model itself spells its name
   */
  ModelPolicy of(@Nullable String provider, String model);
}
