package dev.serai.connection.connect;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A connection that is not made, with the contract's code and words for the customer. */
public final class ConnectRefused extends SeraiException {
  private static final long serialVersionUID = 1L;

  public ConnectRefused(String code, String message) {
    super(code, Origin.CALLER, message);
  }
}
