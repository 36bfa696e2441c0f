package dev.serai.app;

import dev.serai.connection.EnvironmentStore;
import dev.serai.http.OutgoingUri;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.outbox.camel.OutboxComponent;
import java.net.URI;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;

/** Webhooks out: the outbox, and the component that {@code routes/webhook-deliver} begins with. */
final class OutboxWiring {
  private OutboxWiring() {}

  /**
   * Adds {@code outbox:}; without it {@code routes/webhook-deliver} is refused.
   *
   * @param connections guarded; closed by whoever made them
   */
  static PostgresOutbox register(
      CamelContext context, Platform platform, HttpClientConnectionManager connections) {
    Deliveries deliveries =
        new Deliveries(platform.database(), Backoff.overThreeDays(new Random()));
    SealedSigningKeys keys =
        new SealedSigningKeys(new EnvironmentStore(platform.database()), platform.vault());
    URI proxy = platform.settings().outgoing().egressProxy();
    context.addComponent(
        "outbox",
        new OutboxComponent(
            new OutboxComponent.Needs(
                deliveries,
                keys::of,
                OutgoingUri::parse,
                connections,
                proxy == null ? null : HttpHost.create(proxy))));
    return new PostgresOutbox(deliveries);
  }
}
