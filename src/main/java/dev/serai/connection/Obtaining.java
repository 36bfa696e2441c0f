package dev.serai.connection;

/** Turns what a customer entered into credentials that work. Thread-safe; stores nothing. */
public interface Obtaining {
  /**
   * Signs, exchanges or takes as they are, whatever the provider's auth mode is.
   *
   * @param candidate the connection as it would be; its id is not used
   * @param secretConfig the entered values of secret configuration fields
   * @param entered tokens in it are empty texts; everything else is what the customer gave
   * @throws dev.serai.SeraiException {@code connection_test_failed} with the provider's own words
   *     when it refuses, or the code of what kept an answer away; never shows a secret
   */
  Granted obtain(
      Connection candidate,
      App app,
      com.fasterxml.jackson.databind.node.ObjectNode secretConfig,
      Credentials entered);
}
