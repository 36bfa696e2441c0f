package dev.serai.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports that nobody has. */
final class FreePorts {
  private FreePorts() {}

  /** A free port whose next one is free too. */
  static int pair() throws IOException {
    for (int tries = 0; tries < 50; tries++) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket second =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        return first.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IOException("no two free ports in a row");
  }
}
