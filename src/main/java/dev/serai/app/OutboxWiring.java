package dev.serai.app;

import dev.serai.connection.WebhookKeys;
import dev.serai.http.AddressGuard;
import dev.serai.http.OutgoingUri;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.outbox.camel.OutboxComponent;
import java.net.URI;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.apache.hc.core5.http.HttpHost;

/** Webhooks out: the outbox, and the component that {@code routes/webhook-deliver} begins with. */
final class OutboxWiring {
  private OutboxWiring() {}

  /**
   * Adds {@code outbox:}; without it {@code routes/webhook-deliver} is refused.
   *
   * @param door closed by whoever opened it
   */
  static PostgresOutbox register(CamelContext context, Platform platform, Door door) {
    Deliveries deliveries =
        new Deliveries(
            platform.database(),
            Backoff.overThreeDays(new Random()),
            new MessageSealing(platform.vault(), platform.settings().records().encrypt()));
    URI proxy = platform.settings().outgoing().egressProxy();
    context.addComponent(
        "outbox",
        new OutboxComponent(
            new OutboxComponent.Needs(
                deliveries,
                new WebhookKeys(platform.database(), platform.vault()),
                url -> checked(door.guard(), url),
                door.http().connections(),
                proxy == null ? null : HttpHost.create(proxy))));
    return new PostgresOutbox(deliveries);
  }

  // The guarded connections check where they really connect to. Behind an egress proxy that is the
  // proxy, so the target is looked at before as well.
  private static URI checked(AddressGuard guard, String url) {
    guard
        .refusal(url)
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
    return OutgoingUri.parse(url);
  }
}
