package dev.serai.provider;

import dev.serai.provider.WebhookSpec.Handshake;
import dev.serai.provider.WebhookSpec.Match;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Secret;
import dev.serai.provider.WebhookSpec.SecretSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code webhooks.handshake} and sees that there is one secret and one place to keep it. */
final class HandshakeWords {
  private HandshakeWords() {}

  static @Nullable Handshake read(Words webhooks, @Nullable Secret secret, Match match) {
    Words declared = webhooks.child("handshake");
    boolean perAddress = secret != null && secret.perAddress();
    if (perAddress && !(match instanceof Match.None)) {
      webhooks.problem("match", "the address says whose delivery it is", "remove `match`");
    }
    if (declared == null) {
      if (perAddress) {
        webhooks.problem("signature", "no handshake brings its secret", "add `handshake: {…}`");
      }
      return null;
    }
    List<SecretSource> sources = secret == null ? List.of() : secret.sources();
    boolean one = sources.size() == 1;
    if (!one || !perAddress && !(sources.getFirst() instanceof SecretSource.Webhook)) {
      declared.problem(
          "",
          "it is not said where the secret is kept",
          "write `secret: handshake` (one for each address) or `secret: webhook_secret`");
    }
    Place place = WebhookWords.place(declared);
    if (place == null) {
      declared.problem("", "a handshake needs a place", "add header, query or path");
      return null;
    }
    boolean echo = declared.flag("echo", false);
    if (echo && !(place instanceof Place.Header)) {
      declared.problem("echo", "only a header is answered", "remove it");
    }
    return new Handshake(place, echo, perAddress);
  }
}
