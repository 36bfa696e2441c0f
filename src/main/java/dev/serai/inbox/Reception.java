package dev.serai.inbox;

import com.schibsted.spt.data.jslt.JsltException;
import dev.serai.connection.AppVault;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.provider.Provider;
import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Challenge;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The door for providers: proves a delivery, writes it down and answers; nothing else happens
 * before the answer. Whoever was answered 200 may forget the delivery, for it is committed.
 * Thread-safe.
 */
public final class Reception {
  /** Larger than any provider's promise (GitHub's is 25 MB). */
  public static final int LARGEST = 26 << 20;

  public static final Reply TOO_LARGE =
      Reply.error(413, "payload_too_large", "A webhook may have 26 MB");

  public static final Reply BUSY =
      Reply.error(503, "too_many_request", "Too many large webhooks at a time; send it again");

  private static final int LONGEST_CHALLENGE = 4_096;

  private final InboxStore store;
  private final IntegrationStore integrations;
  private final Function<String, Optional<Provider>> providers;
  private final Verifier verifier;
  private final Handshakes handshakes;
  private final Contents contents;
  private final ArrivalLimit limit;
  private final Runnable wake;
  private final RefusalLog refusals = new RefusalLog();

  /** Everything it stands on. */
  public record Rooms(
      InboxStore store,
      IntegrationStore integrations,
      Function<String, Optional<Provider>> providers,
      Secrets secrets,
      KeySets keys,
      AppVault apps,
      Addresses addresses,
      Contents contents,
      InstantSource clock) {}

  /**
   * @param perMinute new ones of one integration per minute on this node, or of one connection
   *     where it proves its own; 0: any number
   * @param wake rung after a delivery is committed
   */
  public Reception(Rooms rooms, int perMinute, Runnable wake) {
    this.store = rooms.store();
    this.integrations = rooms.integrations();
    this.providers = rooms.providers();
    this.verifier =
        new Verifier(
            rooms.store(),
            rooms.secrets(),
            rooms.addresses(),
            new Proofs(new SignedTokens(rooms.keys())),
            rooms.clock());
    this.handshakes = new Handshakes(rooms.apps(), rooms.addresses());
    this.contents = rooms.contents();
    this.limit = new ArrivalLimit(perMinute, rooms.clock());
    this.wake = wake;
  }

  /**
   * Takes one delivery; called by the provider, whoever that is.
   *
   * @param environment the environment's UUID as the address has it
   */
  public Reply receive(String environment, String integrationKey, Arrival arrival) {
    Optional<Integer> found = uuid(environment).flatMap(store::environment);
    if (found.isEmpty()) {
      return Reply.error(404, "unknown_environment", "There is no such environment");
    }
    Optional<Integration> integration =
        integrationKey.indexOf('\0') >= 0 // which PostgreSQL knows in no text
            ? Optional.empty()
            : integrations.find(found.get(), integrationKey);
    if (integration.isEmpty()) {
      return Reply.error(404, "unknown_provider_config", "There is no such integration");
    }
    Optional<Provider> provider = providers.apply(integration.get().provider());
    if (provider.isEmpty()) {
      return refused(integration.get(), Refusal.NOT_LOADED);
    }
    WebhookSpec spec = provider.get().webhooks();
    return spec == null ? Reply.NOT_TAKEN : understood(integration.get(), spec, arrival);
  }

  /** What a stranger sends must not look like our fault, neither to him nor in the log. */
  private Reply understood(Integration integration, WebhookSpec spec, Arrival arrival) {
    try {
      return receive(integration, spec, arrival);
    } catch (JsltException e) {
      return refused(integration, Refusal.UNREADABLE);
    }
  }

  private Reply refused(Integration integration, Refusal why) {
    refusals.tell(integration, why);
    return Reply.error(why.status(), why.code(), why.message());
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Reply receive(Integration integration, WebhookSpec spec, Arrival arrival) {
    if (arrival.body().length > LARGEST) {
      return TOO_LARGE;
    }
    Optional<Reply> early = challenged(spec, arrival, false);
    if (early.isPresent()) {
      return early.get();
    }
    if (!arrival.method().equals("POST")) {
      return Reply.error(405, "method_not_allowed", "Webhooks are sent by POST");
    }
    Optional<Reply> shaken = handshakes.answer(integration, spec, arrival);
    return shaken.orElseGet(() -> proven(integration, spec, arrival));
  }

  private Reply proven(Integration integration, WebhookSpec spec, Arrival arrival) {
    return switch (verifier.verify(integration, spec, arrival)) {
      case Verdict.Refused(Refusal why) -> refused(integration, why);
      case Verdict.Proven proven ->
          challenged(spec, arrival, true).orElseGet(() -> take(integration, spec, arrival, proven));
    };
  }

  private static Optional<Reply> challenged(WebhookSpec spec, Arrival arrival, boolean signed) {
    return spec.challenges().stream()
        .filter(challenge -> challenge.signed() == signed && asked(challenge, arrival))
        .flatMap(challenge -> arrival.text(challenge.place()).stream())
        .filter(text -> text.length() <= LONGEST_CHALLENGE)
        .map(text -> Reply.text(200, text))
        .findFirst();
  }

  private static boolean asked(Challenge challenge, Arrival arrival) {
    return challenge.when() == null || challenge.when().holds(arrival.json());
  }

  private Reply take(
      Integration integration, WebhookSpec spec, Arrival arrival, Verdict.Proven proven) {
    UUID uuid = UUID.randomUUID();
    List<Long> provenBy = proven.connections() == null ? List.of() : proven.connections();
    String delivery =
        spec.deduplicate() ? SignedText.delivery(spec, arrival, provenBy) : uuid.toString();
    // Only what is proven and new counts: strangers and repetitions use nothing up.
    if (limit.reached(integration.id(), proven.connections())
        && !store.knows(integration, delivery)) {
      return Reply.error(429, "too_many_request", "Too many webhooks a minute");
    }
    boolean fresh =
        store.take(
            integration,
            new InboxStore.Taken(
                uuid, delivery, contents.write(uuid, spec, arrival), proven.connections()),
            spec.remember());
    if (fresh) {
      limit.count(integration.id(), proven.connections());
      wake.run();
    }
    return spec.emptyAnswer() ? Reply.EMPTY : Reply.SUCCESS;
  }
}
