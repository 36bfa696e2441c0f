package dev.serai.app;

import dev.serai.api.WebPage;
import dev.serai.connection.connect.ConnectSessions;
import java.util.List;

/** Every way in for customers: sessions, flows through a browser, entered credentials. */
record ConnectWiring(ConnectSessions sessions, List<WebPage> pages) {
  static ConnectWiring register(Platform platform) {
    ConnectSessions sessions =
        new ConnectSessions(
            platform.database(), platform.vault(), platform.settings().addresses().connect());
    return new ConnectWiring(sessions, List.of());
  }
}
