package dev.serai.connection;

import org.jspecify.annotations.Nullable;

/** A refusal that may hold what the provider itself said, beside our message about it. */
public interface Quoting {
  /** One bounded line without secrets, from {@link ProviderWords}; null: it said nothing. */
  @Nullable String said();
}
