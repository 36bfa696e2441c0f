package dev.serai.inbox;

import dev.serai.connection.Connection;
import dev.serai.connection.Integration;
import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Match;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a delivery against the secret it must be proven with. Fails closed: without a secret
 * nothing is believed, unless the provider's folder says that it cannot sign. Thread-safe.
 */
final class Verifier {
  private final InboxStore store;
  private final Secrets secrets;
  private final Addresses addresses;
  private final Proofs proofs;
  private final InstantSource clock;

  Verifier(
      InboxStore store, Secrets secrets, Addresses addresses, Proofs proofs, InstantSource clock) {
    this.store = store;
    this.secrets = secrets;
    this.addresses = addresses;
    this.proofs = proofs;
    this.clock = clock;
  }

  Verdict verify(Integration integration, WebhookSpec spec, Arrival arrival) {
    return switch (spec.proof()) {
      case Proof.None() -> check(spec, arrival, "");
      case Proof.Signature signature -> verify(integration, spec, arrival, signature.secret());
      case Proof.Jwt jwt ->
          jwt.keySet() == null
              ? verify(integration, spec, arrival, jwt.secret())
              : check(spec, arrival, "");
      case Proof.Token token -> verify(integration, spec, arrival, token.secret());
      case Proof.Basic basic -> verify(integration, spec, arrival, basic.secret());
    };
  }

  private Verdict verify(
      Integration integration, WebhookSpec spec, Arrival arrival, Secret declared) {
    if (declared.perAddress()) {
      return byAddress(integration, spec, arrival);
    }
    if (declared.perConnection() && spec.match() instanceof Match.By by) {
      return byConnection(integration, spec, arrival, declared, by);
    }
    return secret(declared, integration, null)
        .map(text -> check(spec, arrival, text))
        .orElseGet(() -> new Verdict.Refused(Refusal.NO_SECRET));
  }

  private Optional<String> secret(
      Secret declared, Integration integration, @Nullable Connection connection) {
    return secrets.find(declared, integration.id(), connection);
  }

  private Verdict check(WebhookSpec spec, Arrival arrival, String secret) {
    try {
      return switch (proofs.check(spec, arrival, secret, clock.instant())) {
        case GOOD -> new Verdict.Proven(null);
        case MISSING -> new Verdict.Refused(Refusal.MISSING);
        case WRONG -> new Verdict.Refused(Refusal.WRONG);
        case STALE -> new Verdict.Refused(Refusal.STALE);
      };
    } catch (UnusableSecret e) {
      return new Verdict.Refused(Refusal.UNUSABLE);
    } catch (KeysUnavailable e) {
      return new Verdict.Refused(Refusal.NO_KEYS);
    }
  }

  /** The one connection whose address it came to. */
  private Verdict byAddress(Integration integration, WebhookSpec spec, Arrival arrival) {
    Optional<Addresses.Known> address = addresses.of(integration.id(), arrival);
    Optional<String> secret = address.flatMap(Addresses.Known::secret);
    if (address.isEmpty() || secret.isEmpty()) {
      return new Verdict.Refused(Refusal.NO_SECRET);
    }
    Verdict verdict = check(spec, arrival, secret.get());
    return verdict instanceof Verdict.Proven
        ? new Verdict.Proven(List.of(address.get().connection()))
        : verdict;
  }

  /** Those of the connections it names whose secret proves it; the others are not told of it. */
  private Verdict byConnection(
      Integration integration, WebhookSpec spec, Arrival arrival, Secret declared, Match.By match) {
    List<Long> proven = new ArrayList<>();
    Verdict last = new Verdict.Refused(Refusal.NO_SECRET);
    String value = arrival.text(match.place()).orElse("");
    for (Connection connection : store.matching(integration.id(), match.target(), value)) {
      Optional<String> secret = secret(declared, integration, connection);
      if (secret.isPresent()) {
        Verdict verdict = check(spec, arrival, secret.get());
        if (verdict instanceof Verdict.Proven) {
          proven.add(connection.id());
        } else {
          last = verdict;
        }
      }
    }
    return proven.isEmpty() ? last : new Verdict.Proven(List.copyOf(proven));
  }
}
