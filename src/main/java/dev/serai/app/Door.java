package dev.serai.app;

import dev.serai.http.AddressGuard;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Who may be called: what the settings allow, and never our own database and management port. */
record Door(OutgoingHttp http, AddressGuard guard) {
  private static final int PER_HOST = 200;
  private static final int TOTAL = 1_000;

  /**
   * @param sample our sample's own addresses, which are on loopback and must be reachable
   */
  static Door open(Platform platform, List<URI> sample) {
    Settings settings = platform.settings();
    List<String> allow = new ArrayList<>(settings.outgoing().allow());
    sample.forEach(uri -> allow.add(uri.getHost() + ":" + uri.getPort()));
    List<String> deny =
        List.of(platform.databaseHostPort(), "127.0.0.1:" + settings.listening().managementPort());
    OutgoingSettings outgoing =
        new OutgoingSettings(allow, deny, settings.outgoing().egressProxy(), PER_HOST, TOTAL);
    return new Door(new OutgoingHttp(outgoing), new AddressGuard(allow, deny));
  }
}
