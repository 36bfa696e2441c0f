package dev.serai.app;

import dev.serai.connection.AppVault;
import dev.serai.connection.AuthMessages;
import dev.serai.connection.ConnectionListener;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.GrantHealing;
import dev.serai.connection.GrantState;
import dev.serai.connection.ReconnectLinks;
import dev.serai.connection.RefreshRooms;
import dev.serai.connection.RefreshSettings;
import dev.serai.connection.Renewal;
import dev.serai.connection.TokenKeeper;
import dev.serai.connection.TokenUpkeep;
import dev.serai.connection.camel.TokensComponent;
import dev.serai.outbox.Outbox;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * Tokens that never die: who renews them, who looks after them, who is told.
 *
 * @param keeper what the provider client takes credentials from
 * @param healing also to be told of changed apps
 * @param messages also to be told of what became of preparations
 * @param listeners to be told of connections, after those that make them work
 */
record RefreshWiring(
    TokenKeeper keeper,
    GrantHealing healing,
    AuthMessages messages,
    List<ConnectionListener> listeners) {

  /**
   * Adds {@code tokens:refresh}, a counter and a gauge.
   *
   * @param working told when a grant is over or mended: what works with it
   */
  static RefreshWiring register(
      CamelContext context,
      Platform platform,
      CredentialVault credentials,
      Renewal renewal,
      Outbox outbox,
      ReconnectLinks links,
      List<ConnectionListener> working) {
    ConnectionStore connections = new ConnectionStore(platform.database());
    AppVault apps = new AppVault(platform.database(), platform.vault());
    MeterRegistry metrics = platform.metrics();
    RefreshRooms rooms =
        new RefreshRooms(
            RefreshSettings.of(
                NodeName.of(platform.settings()),
                platform.settings().syncing().refreshLease(),
                CamelRuntime.SHUTDOWN),
            platform.database(),
            credentials,
            platform.vault(),
            apps::of,
            renewal,
            platform::catalogue,
            connections,
            working,
            outbox,
            links,
            (provider, outcome) ->
                metrics
                    .counter("serai.token.refreshes", "provider", provider, "outcome", outcome)
                    .increment());
    TokenKeeper keeper = platform.closing().add("token refreshes", new TokenKeeper(rooms));
    TokenUpkeep upkeep = new TokenUpkeep(rooms, keeper);
    for (GrantState state : GrantState.values()) {
      if (state != GrantState.LIVE) {
        Gauge.builder("serai.token.grants", upkeep, look -> look.over(state))
            .description("Grants that are over, as of the last look")
            .tag("state", state.name().toLowerCase(java.util.Locale.ROOT))
            .register(metrics);
      }
    }
    context.addComponent("tokens", new TokensComponent(upkeep));
    GrantHealing healing = new GrantHealing(connections, working);
    AuthMessages messages = new AuthMessages(platform.database(), outbox, links);
    return new RefreshWiring(keeper, healing, messages, List.of(healing, messages));
  }
}
