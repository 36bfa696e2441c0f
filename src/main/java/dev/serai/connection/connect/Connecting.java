package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionConfigCheck;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.Connections;
import dev.serai.connection.Credentials;
import dev.serai.connection.EndUser;
import dev.serai.connection.Granted;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.Offered;
import dev.serai.connection.SecretConfig;
import dev.serai.connection.Verification;
import dev.serai.database.Database;
import dev.serai.provider.Auth;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection of what a provider granted: tries it, looks whose account it is, and stores it
 * with everything that belongs to it in one transaction. Thread-safe; until that transaction
 * commits, nothing of the connection exists.
 */
public final class Connecting {
  /** Says that a session has made its connection; wants the integration's key. */
  public static final String USED =
      "The connect session has made its connection with %s already: ask for a new link to connect again";

  private final Database database;
  private final IntegrationStore integrations;
  private final Connections connections;
  private final AppVault apps;
  private final Verification verification;
  private final ConnectSessions sessions;
  private final FlowResults results;
  private final Supplier<Catalogue> catalogue;
  private final OwnApp ownApp;

  public Connecting(
      Database database,
      IntegrationStore integrations,
      Connections connections,
      AppVault apps,
      Verification verification,
      ConnectSessions sessions,
      FlowResults results,
      Supplier<Catalogue> catalogue) {
    this.database = database;
    this.integrations = integrations;
    this.connections = connections;
    this.apps = apps;
    this.verification = verification;
    this.sessions = sessions;
    this.results = results;
    this.catalogue = catalogue;
    this.ownApp = new OwnApp(connections);
  }

  /**
   * The connection as it would be.
   *
   * @param config open and secret, of the connection that is there and of the attempt, with the
   *     provider's defaults
   * @param problems why it cannot be one
   */
  public record Candidate(
      Provider provider,
      Integration integration,
      Connection connection,
      SecretConfig config,
      List<ConnectionConfigCheck.Problem> problems) {}

  /** What is known before the provider said anything. */
  public Candidate candidate(Attempt attempt) {
    return candidate(attempt, null);
  }

  /**
   * @param told by the provider, which knows better than anybody who typed something; null: it was
   *     not asked yet, and what it will tell may be missing
   */
  private Candidate candidate(Attempt attempt, @Nullable ObjectNode told) {
    Integration integration =
        integrations
            .find(attempt.environment(), attempt.key())
            .filter(found -> found.id() == attempt.integration())
            .orElseThrow(() ->
                new ConnectRefused(
                    "unknown_provider_config",
                    "The integration " + attempt.key() + " does not exist any more"));
    Provider provider =
        catalogue
            .get()
            .find(integration.provider())
            .orElseThrow(() ->
                new ConnectRefused(
                    "unknown_provider_template",
                    "The provider " + integration.provider() + " is not loaded"));
    Optional<Connection> there =
        attempt.right().override() ? there(attempt, integration) : Optional.empty();
    ObjectNode config = there.map(known -> known.config().deepCopy()).orElseGet(Json::object);
    config.setAll(entered(provider, attempt));
    if (told != null) {
      config.setAll(told);
    }
    // What a customer keeps secret is for the address that he gave it for, and for no other.
    there
        .filter(known -> Whereabouts.same(provider, known.config(), config))
        .ifPresent(known -> {
          ObjectNode kept = connections.secretConfig(known);
          kept.remove(List.copyOf(config.propertyStream().map(Map.Entry::getKey).toList()));
          config.setAll(kept);
        });
    ConnectionConfigCheck.Result checked =
        told == null
            ? ConnectionConfigCheck.before(provider, config)
            : ConnectionConfigCheck.check(provider, config);
    SecretConfig split = new SecretConfig(checked.config(), checked.secretConfig());
    Connection connection =
        connections.preview(
            integration,
            attempt.environmentName(),
            attempt.connectionId(),
            attempt.terms().change(split.open()));
    return new Candidate(provider, integration, connection, split, checked.problems());
  }

  /**
   * What may be configured by this attempt: of the fields that the provider tells itself only what
   * the backend has set. Webhooks are dispatched by them, so a page may not claim somebody else's.
   */
  private static ObjectNode entered(Provider provider, Attempt attempt) {
    ObjectNode entered = attempt.config().deepCopy().remove(provider.told());
    return entered.setAll(attempt.terms().config(attempt.key()));
  }

  private Optional<Connection> there(Attempt attempt, Integration integration) {
    return connections.find(integration, attempt.connectionId()).map(ConnectionDetails::connection);
  }

  /**
   * The developer's app that the attempt goes through: the customer's own, or the integration's.
   */
  public App app(Attempt attempt) {
    return attempt.app(apps.of(attempt.integration()));
  }

  /**
   * @param socket who is told of it, in the same transaction; null: nobody
   * @throws ConnectRefused and nothing is stored
   */
  public Connection finish(Attempt attempt, Granted granted, @Nullable UUID socket) {
    Candidate candidate = candidate(attempt, granted.config());
    check(candidate);
    Credentials credentials = attempt.own(granted.credentials());
    checkTold(attempt, candidate, granted, credentials);
    Offered offered = new Offered(credentials, candidate.config().secret(), granted.account());
    String verified = verified(candidate.connection(), offered);
    Offered known =
        new Offered(
            credentials,
            candidate.config().secret(),
            granted.account() == null ? verified : granted.account());
    Optional<Connection> going =
        connections.replaced(
            candidate.integration(),
            attempt.connectionId(),
            known,
            change(attempt, candidate),
            attempt.right());
    return going.isPresent()
        ? replaced(attempt, candidate, known, socket, going.get())
        : database.inTransaction(handle -> {
          use(handle, attempt);
          return stored(handle, attempt, candidate, known, socket);
        });
  }

  /**
   * The connection that goes gives its grant back at the provider, which cannot be undone: only
   * after the session's one use is ours, so that of two popups of one session the second one ends
   * nothing. A crash in between leaves a used session and the old connection, with or without its
   * grant.
   */
  private Connection replaced(
      Attempt attempt,
      Candidate candidate,
      Offered offered,
      @Nullable UUID socket,
      Connection going) {
    database.useTransaction(handle -> use(handle, attempt));
    try {
      connections.takeLeave(going);
      return database.inTransaction(handle -> stored(handle, attempt, candidate, offered, socket));
    } catch (RuntimeException e) {
      try {
        sessions.unuse(attempt.session(), attempt.key());
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** What the AWS role of whoever makes the attempt must ask for. */
  public String externalId(Attempt attempt, Candidate candidate) {
    ExternalIds ids = new ExternalIds(database);
    EndUser user = attempt.terms().endUser();
    Optional<String> known =
        user == null && attempt.right().override()
            ? there(attempt, candidate.integration()).flatMap(there -> ids.endUser(there.id()))
            : Optional.ofNullable(user).map(EndUser::id);
    return ids.of(attempt.environment(), known.orElse(null), attempt.connectionId());
  }

  /**
   * Before the integration's app proves itself anywhere.
   *
   * @param own the customer brought an app of his own
   * @throws ConnectRefused where a customer, and not the developer, has chosen the address
   */
  public void checkApp(Attempt attempt, Candidate candidate, Auth way, boolean own) {
    checkApp(attempt, candidate, way, own, Set.of());
  }

  private void checkApp(
      Attempt attempt, Candidate candidate, Auth way, boolean own, Set<String> told) {
    ownApp.check(
        attempt,
        candidate.integration(),
        candidate.provider(),
        way,
        candidate.config().open(),
        own,
        told);
  }

  /** Tokens are renewed where the finished configuration says: a browser's word does not count. */
  private void checkTold(
      Attempt attempt, Candidate candidate, Granted granted, Credentials credentials) {
    Auth way = candidate.provider().auth(credentials.type()).orElse(null);
    if (way != null) {
      Set<String> told =
          granted.config().propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet());
      told.removeAll(way.callback().keySet());
      checkApp(attempt, candidate, way, !OwnApp.proves(credentials), told);
    }
  }

  /**
   * @throws ConnectRefused naming what is wrong with the configuration
   */
  public void check(Candidate candidate) {
    if (!candidate.problems().isEmpty()) {
      throw ConnectRefused.configuration(candidate.problems());
    }
  }

  private @Nullable String verified(Connection candidate, Offered offered) {
    return switch (verification.verify(candidate, offered.grant())) {
      case Verification.Outcome.Accepted accepted -> accepted.account();
      case Verification.Outcome.NotDeclared none -> null;
      case Verification.Outcome.Refused refused -> throw ConnectRefused.tried(refused);
      case Verification.Outcome.Unreachable unreachable ->
          throw ConnectRefused.unanswered(unreachable.why());
    };
  }

  /** Whoever comes second waits for the first, and is refused once that one is stored. */
  private void use(Handle handle, Attempt attempt) {
    UUID session = attempt.session();
    if (session == null) {
      return;
    }
    if (!sessions.lives(handle, session)) {
      throw new ConnectRefused(
          "unknown_connect_session_token", "The connect session was ended: begin again");
    }
    if (!sessions.use(handle, session, attempt.key())) {
      throw new ConnectRefused("unknown_connect_session_token", USED.formatted(attempt.key()));
    }
  }

  /**
   * Where nothing proves that an installation is the customer's, one that is another end user's
   * already is not given to him.
   */
  private void refuseClaim(Handle handle, Attempt attempt, Candidate candidate, Offered offered) {
    boolean claimed =
        offered.credentials() instanceof Credentials.AppInstallation
            && candidate.provider().auth("APP").orElse(null) instanceof Auth.AppInstall app
            && app.prove() == null;
    String account = offered.account();
    if (!claimed || account == null) {
      return;
    }
    EndUser user = attempt.terms().endUser();
    if (connections.heldByAnother(
        handle, candidate.connection(), account, user == null ? null : user.id())) {
      throw new ConnectRefused(
          "connection_validation_failed",
          "This installation is connected for somebody else already");
    }
  }

  private static ConnectionChange change(Attempt attempt, Candidate candidate) {
    return attempt.terms().change(candidate.config().open());
  }

  private Connection stored(
      Handle handle, Attempt attempt, Candidate candidate, Offered offered, @Nullable UUID socket) {
    refuseClaim(handle, attempt, candidate, offered);
    Connection made =
        Placed.of(
            connections.put(
                handle,
                candidate.integration(),
                attempt.connectionId(),
                offered,
                change(attempt, candidate),
                attempt.right()),
            attempt);
    if (socket != null) {
      results.publish(
          handle, socket, FlowResults.success(attempt.key(), attempt.connectionId(), false));
    }
    return made;
  }
}
