package dev.serai.connection;

import dev.serai.http.HttpAnswer;

/** Hands a backend's own calls on to a provider. Thread-safe. */
public interface ProviderRelay {
  /**
   * Sends the call as the backend wrote it, and once more only where that asks for it or the
   * credentials had to be renewed. Any final status is returned; credentials are taken out of the
   * answer should they stand in it.
   *
   * @throws dev.serai.SeraiException when no answer came, as {@link ProviderClient#call}
   */
  HttpAnswer relay(Connection connection, RelayedCall call);
}
