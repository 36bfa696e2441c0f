package dev.serai.http;

import java.net.UnknownHostException;

/** The guard's no, in the shape that HTTP clients expect of a resolver. */
final class AddressRefused extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  AddressRefused(String host, int port) {
    super(
        host
            + ":"
            + port
            + " is not a public address; to allow it, add "
            + host
            + ":"
            + port
            + " to serai.outgoing.allow (Serai's own ports cannot be allowed)");
  }
}
