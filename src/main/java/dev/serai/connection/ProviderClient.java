package dev.serai.connection;

import dev.serai.http.HttpAnswer;

/**
 * The one way to call a provider: base URL from the connection's configuration, standing headers,
 * credentials, the provider's limits, retry with Retry-After, the address guard. Thread-safe.
 */
public interface ProviderClient {
  /**
   * Sends the call as the connection and retries what the provider's {@code retry} declares. Any
   * final status is returned, also 4xx and 5xx.
   *
   * @throws dev.serai.SeraiException when no answer came (timeout, refused address, answer too
   *     large, reset): the code says which, the message names provider and connection
   */
  HttpAnswer call(Connection connection, ProviderCall call);
}
