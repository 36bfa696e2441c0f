package dev.serai.api;

import dev.serai.action.ActionRegistry;
import dev.serai.action.ActionRunner;
import dev.serai.connection.AppVault;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.Integrations;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.WebhookKeys;
import dev.serai.connection.connect.FrontDoors;
import dev.serai.database.Database;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordChanges;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordReader;
import dev.serai.record.Sealing;
import dev.serai.support.Marked;
import dev.serai.sync.ConnectionSyncs;
import dev.serai.sync.SyncControl;
import dev.serai.sync.SyncRegistry;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything the API stands on, wired as the application wires it, over one database. */
final class ApiRooms {
  final Database database;
  final IntegrationStore integrations;
  final ConnectionStore connectionStore;
  final Connections connections;
  final AppVault apps;
  final EnvironmentStore environments;
  final ApiKeyStore keys;
  final ConnectSessions sessions;
  final FrontDoors doors;
  final WebhookKeys signing;
  final ActionRegistry actions = new ActionRegistry();
  final SyncRegistry syncs = new SyncRegistry();
  final Providers providers = new TestProviders();

  private final CredentialVault credentials;
  private final Sealing sealing;
  private ModelPolicies policies = ModelPolicies.NONE;

  ApiRooms(Database database) {
    this(database, Sealing.OFF);
  }

  ApiRooms(Database database, Sealing sealing) {
    this.sealing = sealing;
    Vault vault = new Vault(MasterKey.parse(Marked.MASTER_KEY));
    this.database = database;
    this.credentials = new CredentialVault(database, vault);
    this.integrations = new IntegrationStore(database);
    this.connectionStore = new ConnectionStore(database);
    this.connections =
        new Connections(
            database,
            integrations,
            connectionStore,
            credentials,
            List.of(new ConnectionSyncs(database, syncs)));
    this.apps = new AppVault(database, vault);
    this.environments = new EnvironmentStore(database);
    this.doors = new FrontDoors(database, vault);
    this.signing = new WebhookKeys(database, vault);
    this.sessions = new ConnectSessions(database, vault, URI.create("http://serai.test/connect/"));
    this.keys = new ApiKeyStore(database);
  }

  /** As an operator who says this about models. */
  ApiRooms with(ModelPolicies said) {
    policies = said;
    return this;
  }

  Api api(int perMinute) {
    Targets targets = new Targets(integrations, connections);
    WebhookTargets webhooks =
        new WebhookTargets(
            url -> url.contains("10.0.0.") ? Optional.of("a private address") : Optional.empty());
    SyncControl control = new SyncControl(database, syncs, (connection, variant) -> Map.of());
    List<Resource> resources = new ArrayList<>();
    resources.add(
        new IntegrationsApi(
            integrations,
            new Integrations(database, integrations, apps, List.of()),
            connections,
            providers));
    resources.add(new ConnectionsApi(targets, connections, credentials, providers, webhooks));
    resources.add(new ImportApi(targets, connections, providers, webhooks));
    resources.add(new AccessApi(doors, signing, keys));
    resources.add(new ConnectSessionsApi(targets, sessions, webhooks));
    resources.add(new MetadataApi(targets, connections));
    resources.add(new SyncsApi(targets, connections, control));
    resources.add(new VariantsApi(targets, connections, control));
    resources.add(new ProvidersApi(providers));
    resources.add(new EnvironmentApi(environments, webhooks));
    resources.add(new ScriptsApi(integrations, syncs, actions));
    resources.add(
        new ActionsApi(
            targets,
            new ActionRunner(
                database, actions, Models.unifiedOnly(), ActionRunner.Limits.DEFAULT)));
    RecordFields fields = new RecordFields(Models.unifiedOnly(), InstantSource.system());
    resources.add(
        new RecordsApi(
            targets, fields, new RecordReader(database, sealing), new RecordPruning(database)));
    resources.add(new HistoryApi(targets, fields, new RecordChanges(database, sealing, policies)));
    resources.add(new RunsApi(targets, new RunHistoryStore(database, Sealing.OFF)));
    return new Api(
        new Authentication(keys, sessions::find),
        new RateLimit(perMinute, InstantSource.system()),
        resources);
  }
}
