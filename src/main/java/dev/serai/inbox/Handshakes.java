package dev.serai.inbox;

import dev.serai.connection.AppVault;
import dev.serai.connection.Integration;
import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Handshake;
import dev.serai.provider.WebhookSpec.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers that hand over the secret they will sign with. It is taken once: where one is set,
 * nobody can change it from outside, and the same one again is answered as the first time (the
 * answer may have got lost). Thread-safe.
 */
final class Handshakes {
  private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
  private static final int LONGEST = 255;

  private final AppVault apps;
  private final Addresses addresses;

  Handshakes(AppVault apps, Addresses addresses) {
    this.apps = apps;
    this.addresses = addresses;
  }

  /** Empty: it is none, or none that may be taken, and must prove itself like any delivery. */
  Optional<Reply> answer(Integration integration, WebhookSpec spec, Arrival arrival) {
    Handshake declared = spec.handshake();
    if (declared == null) {
      return Optional.empty();
    }
    return arrival
        .text(declared.place())
        .filter(secret -> !secret.isBlank() && secret.length() <= LONGEST)
        .filter(secret ->
            declared.perAddress()
                ? takenAtAddress(integration, arrival, secret)
                : taken(integration, secret))
        .map(secret -> reply(spec, declared, secret));
  }

  private boolean takenAtAddress(Integration integration, Arrival arrival, String secret) {
    Optional<Addresses.Known> address = addresses.of(integration.id(), arrival);
    if (address.isEmpty()) {
      return false;
    }
    if (address.get().secret().isEmpty() && addresses.keep(address.get(), secret)) {
      LOG.info(
          "Integration {}: took the webhook secret of connection row {} from the provider",
          integration.uniqueKey(),
          address.get().connection());
      return true;
    }
    return same(addresses.of(integration.id(), arrival).flatMap(Addresses.Known::secret), secret);
  }

  private boolean taken(Integration integration, String secret) {
    if (apps.webhookSecret(integration.id()).isEmpty()
        && apps.keepWebhookSecret(integration.id(), secret)) {
      LOG.info(
          "Integration {}: took the webhook secret from the provider", integration.uniqueKey());
      return true;
    }
    return same(apps.webhookSecret(integration.id()), secret);
  }

  private static boolean same(Optional<String> kept, String secret) {
    return kept.isPresent()
        && MessageDigest.isEqual(
            kept.get().getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply reply(WebhookSpec spec, Handshake declared, String secret) {
    Reply reply = spec.emptyAnswer() ? Reply.EMPTY : Reply.SUCCESS;
    return declared.echo() && declared.place() instanceof Place.Header(String name)
        ? reply.with(name, secret)
        : reply;
  }
}
