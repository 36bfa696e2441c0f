package dev.serai.app;

import dev.serai.api.Admission;
import dev.serai.api.CredentialPages;
import dev.serai.api.OAuthPages;
import dev.serai.api.ProviderLogos;
import dev.serai.api.TelemetryPage;
import dev.serai.api.WebPage;
import dev.serai.api.camel.FlowSockets;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connections;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.Verification;
import dev.serai.connection.auth.AuthModes;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.connect.Connecting;
import dev.serai.connection.connect.FlowResults;
import dev.serai.connection.connect.Flows;
import dev.serai.connection.connect.FrontDoors;
import dev.serai.database.Database;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Every way in for customers: sessions, flows through a browser, entered credentials. */
record ConnectWiring(
    ConnectSessions sessions, FrontDoors doors, FlowSockets sockets, List<WebPage> pages) {

  static ConnectSessions sessions(Platform platform) {
    return new ConnectSessions(
        platform.database(), platform.vault(), platform.settings().addresses().connect());
  }

  static ConnectWiring of(
      Platform platform,
      ConnectSessions sessions,
      IntegrationStore integrations,
      Connections connections,
      Verification verification,
      AuthModes modes) {
    Database database = platform.database();
    URI own = platform.settings().addresses().own();
    FlowResults results = new FlowResults(database);
    FrontDoors doors = new FrontDoors(database, platform.vault());
    Connecting connecting =
        new Connecting(
            database,
            integrations,
            connections,
            new AppVault(database, platform.vault()),
            verification,
            sessions,
            results,
            platform::catalogue);
    OAuthPages.Ways ways = new OAuthPages.Ways(connecting, modes, modes, modes);
    Admission admission = new Admission(sessions, doors, integrations, connections);
    Flows flows = new Flows(database, platform.vault());
    List<WebPage> pages = new ArrayList<>();
    pages.addAll(new OAuthPages(ways, admission, flows, results, doors, own).pages());
    pages.addAll(new CredentialPages(ways, admission).pages());
    pages.add(new TelemetryPage());
    pages.add(new ProviderLogos(platform::catalogue));
    FlowSockets sockets =
        new FlowSockets(results, platform.settings().listening().trustedProxies());
    return new ConnectWiring(sessions, doors, sockets, List.copyOf(pages));
  }
}
