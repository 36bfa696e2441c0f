package dev.serai.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Looks before anything starts whether the ports are free, to name the setting and not a stack
 * trace.
 */
final class Ports {
  private Ports() {}

  static void refuseTaken(Settings settings) {
    Settings.Listening listening = settings.listening();
    refuseTaken(listening.bind(), listening.port(), "serai.port");
    refuseTaken("127.0.0.1", listening.managementPort(), "serai.management.port");
    if (settings.sample().enabled()) {
      refuseTaken("127.0.0.1", settings.sample().port(), "serai.sample.port");
      refuseTaken("127.0.0.1", settings.sample().backendPort(), "serai.sample.port");
    }
  }

  private static void refuseTaken(String address, int port, String key) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "%s: %s:%d cannot be opened (%s): stop what uses it, or set %s"
              .formatted(key, address, port, e.getMessage(), SettingsSource.variable(key)));
    }
  }
}
