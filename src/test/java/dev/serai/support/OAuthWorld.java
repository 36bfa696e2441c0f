package dev.serai.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.AppListener;
import dev.serai.connection.AppVault;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionListener;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.Connections.Imported;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationSecrets;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.connection.Integrations;
import dev.serai.connection.Offered;
import dev.serai.database.Database;
import dev.serai.provider.Catalogue;
import dev.serai.sample.Simulator;
import dev.serai.sample.oauth.OAuthOptions;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict OAuth 2 provider whose refresh tokens are good for one use, a provider folder for it,
 * and connections to it, made past the API.
 */
public final class OAuthWorld implements AutoCloseable {
  public static final String PROVIDER = "strict";
  public static final Vault VAULT = new Vault(MasterKey.parse(Marked.MASTER_KEY));

  public final Simulator simulator;
  public final Path providers;
  private final Database database;
  private final Map<String, Integration> integrations = new HashMap<>();

  /**
   * @param folder where the provider's folder is made
   * @param refresh what provider.yaml says, e.g. {@code {margin: 1m, grace: 0s}}
   */
  public OAuthWorld(Database database, Path folder, String refresh) {
    this.database = database;
    this.providers = folder.resolve("providers");
    try {
      simulator =
          Simulator.start(
              Simulator.Options.TESTS.withOAuth(OAuthOptions.TESTS.withMark(Marked.MARK)));
      declare(PROVIDER, refresh);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a provider's folder; all of them are the same helpdesk. */
  public void declare(String name, String refresh) {
    try {
      Path home = Files.createDirectories(providers.resolve(name));
      Files.writeString(
          home.resolve("provider.yaml"),
          """
          name: %s
          display_name: Strict helpdesk
          categories: [ticketing]
          auth:
            type: oauth2_code
            authorize_url: "${connection_config.url}/oauth/authorize"
            token_url: "${connection_config.url}/oauth/token"
            client_auth: basic
            refresh: %s
          base_url: "${connection_config.url}"
          connection_config:
            url: {title: URL, description: Where, pattern: 'https?://[^?#]+', example: http://x}
          """
              .formatted(name, refresh));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Catalogue catalogue() {
    Catalogue catalogue = Catalogue.load(List.of(providers));
    if (catalogue.find(PROVIDER).isEmpty()) {
      throw new IllegalStateException(catalogue.problems().toString());
    }
    return catalogue;
  }

  /** The integration, with the app that the provider knows. */
  public void integrate(int environment) {
    integrate(environment, PROVIDER);
  }

  public void integrate(int environment, String provider) {
    integrations.put(
        provider,
        integrations(List.of())
            .create(
                environment,
                draft(provider),
                new IntegrationSecrets(app("sample-client-secret"), null))
            .orElseThrow());
  }

  private static Draft draft(String provider) {
    return new Draft(provider, provider, null, Json.object(), Json.object(), true);
  }

  public App app(String secret) {
    return new App("serai-sample", secret, List.of(), null, null, null);
  }

  /** Replaces the app. */
  public void change(App app, AppListener listener) {
    integrations(List.of(listener))
        .update(integrations.get(PROVIDER).id(), draft(PROVIDER), new IntegrationSecrets(app, null))
        .orElseThrow();
  }

  private Integrations integrations(List<AppListener> listeners) {
    return new Integrations(
        database, new IntegrationStore(database), new AppVault(database, VAULT), listeners);
  }

  /** A connection with a fresh grant, or the same with another; its access token has ended. */
  public Connection connect(String connectionId, List<ConnectionListener> listeners) {
    return connect(connectionId, Instant.now().minusSeconds(1), listeners);
  }

  public Connection connect(
      String connectionId, Instant expiresAt, List<ConnectionListener> listeners) {
    return connect(PROVIDER, connectionId, expiresAt, listeners);
  }

  public Connection connect(
      String provider, String connectionId, Instant expiresAt, List<ConnectionListener> listeners) {
    ObjectNode grant = simulator.control().oauth().grant("alice");
    Credentials credentials =
        new Credentials.OAuth2(
            grant.path("access_token").asText(),
            grant.path("refresh_token").asText(),
            expiresAt,
            null,
            null,
            grant);
    return put(provider, connectionId, credentials, simulator.uri().toString(), listeners);
  }

  /** A connection, or the same with these credentials. */
  public Connection put(
      String provider,
      String connectionId,
      Credentials credentials,
      String url,
      List<ConnectionListener> listeners) {
    Imported made =
        new Connections(
                database,
                new IntegrationStore(database),
                new ConnectionStore(database),
                new CredentialVault(database, VAULT),
                listeners)
            .put(
                integrations.get(provider),
                connectionId,
                Offered.of(credentials),
                new ConnectionChange(null, null, null, Json.object().put("url", url), null));
    return switch (made) {
      case Imported.Created created -> created.details().connection();
      case Imported.Overridden overridden -> overridden.details().connection();
      case Imported other -> throw new IllegalStateException(other.toString());
    };
  }

  /** Ends the access tokens of all connections, as far as Serai knows. */
  public void endTokens() {
    database.useTransaction(handle ->
        handle.execute("update credential set ends_at = clock_timestamp() - interval '1 second'"));
  }

  /** What a grant that was lost in a crash meets so much later. */
  public void later(Duration by) {
    simulator.control().oauth().advance(by);
    database.useTransaction(handle ->
        handle.execute(
            """
            update token_refresh r
               set intent_at = intent_at - late.by, grace_until = grace_until - late.by, answered_at = answered_at - late.by
              from (select cast(? as bigint) * interval '1 millisecond' as by) late
            """,
            by.toMillis()));
  }

  public int count(String event) {
    return simulator.control().oauth().count(event);
  }

  @Override
  public void close() {
    simulator.close();
  }
}
