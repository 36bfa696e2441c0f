package dev.serai.app;

import dev.serai.action.ActionRegistry;
import dev.serai.action.ActionRunner;
import dev.serai.action.camel.ActionComponent;
import dev.serai.api.AccessApi;
import dev.serai.api.ActionsApi;
import dev.serai.api.Api;
import dev.serai.api.ApiKeyStore;
import dev.serai.api.Authentication;
import dev.serai.api.ConnectSessionsApi;
import dev.serai.api.ConnectionsApi;
import dev.serai.api.EnvironmentApi;
import dev.serai.api.HistoryApi;
import dev.serai.api.ImportApi;
import dev.serai.api.IntegrationsApi;
import dev.serai.api.MetadataApi;
import dev.serai.api.Providers;
import dev.serai.api.ProvidersApi;
import dev.serai.api.ProxyApi;
import dev.serai.api.RateLimit;
import dev.serai.api.RecordFields;
import dev.serai.api.RecordsApi;
import dev.serai.api.Resource;
import dev.serai.api.RunHistoryStore;
import dev.serai.api.RunsApi;
import dev.serai.api.ScriptsApi;
import dev.serai.api.SyncsApi;
import dev.serai.api.Targets;
import dev.serai.api.VariantsApi;
import dev.serai.api.WebhookTargets;
import dev.serai.api.Web;
import dev.serai.api.WebPage;
import dev.serai.api.camel.ApiComponent;
import dev.serai.api.camel.WebComponent;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialSource;
import dev.serai.connection.EnvironmentStore;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.ProviderRelay;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.WebhookKeys;
import dev.serai.connection.connect.FrontDoors;
import dev.serai.connection.Integrations;
import dev.serai.http.AddressGuard;
import dev.serai.record.Models;
import dev.serai.record.RecordChanges;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordReader;
import dev.serai.record.Sealing;
import dev.serai.sync.SyncControl;
import dev.serai.sync.SyncRegistry;
import java.util.List;
import org.apache.camel.CamelContext;

/** The REST API and the actions that it triggers. */
final class ApiWiring {
  private ApiWiring() {}

  /** What the API answers from. */
  record Rooms(
      IntegrationStore integrations,
      Integrations apps,
      Connections connections,
      CredentialSource credentials,
      ProviderRelay provider,
      SyncControl control,
      SyncRegistry syncs,
      RecordReader reader,
      RecordChanges changes,
      RecordPruning pruning,
      Models models,
      Sealing sealing,
      Providers providers,
      AddressGuard guard,
      ConnectSessions sessions,
      FrontDoors doors,
      List<WebPage> pages) {}

  /** Adds {@code api:}, {@code web:} and {@code action:}. */
  static void register(CamelContext context, Platform platform, Rooms rooms) {
    ActionRegistry actions = new ActionRegistry();
    ActionRunner runner =
        new ActionRunner(platform.database(), actions, rooms.models(), ActionRunner.Limits.DEFAULT);
    context.addComponent("action", new ActionComponent(actions, rooms.models()));

    RecordFields fields = new RecordFields(rooms.models(), platform.clock());
    Targets targets = new Targets(rooms.integrations(), rooms.connections());
    WebhookTargets webhooks = new WebhookTargets(rooms.guard()::refusal);
    List<Resource> resources =
        List.of(
            new IntegrationsApi(
                rooms.integrations(), rooms.apps(), rooms.connections(), rooms.providers()),
            new ConnectionsApi(
                targets, rooms.connections(), rooms.credentials(), rooms.providers(), webhooks),
            new ImportApi(targets, rooms.connections(), rooms.providers(), webhooks),
            new MetadataApi(targets, rooms.connections()),
            new ProvidersApi(rooms.providers()),
            new EnvironmentApi(new EnvironmentStore(platform.database()), webhooks),
            new ConnectSessionsApi(targets, rooms.sessions(), webhooks),
            new AccessApi(
                rooms.doors(),
                new WebhookKeys(platform.database(), platform.vault()),
                new ApiKeyStore(platform.database())),
            new SyncsApi(targets, rooms.connections(), rooms.control()),
            new VariantsApi(targets, rooms.connections(), rooms.control()),
            new ActionsApi(targets, runner),
            new ProxyApi(targets, rooms.provider()),
            new ScriptsApi(rooms.integrations(), rooms.syncs(), actions),
            new RecordsApi(targets, fields, rooms.reader(), rooms.pruning()),
            new HistoryApi(targets, fields, rooms.changes()),
            new RunsApi(targets, new RunHistoryStore(platform.database(), rooms.sealing())));
    Authentication authentication =
        new Authentication(new ApiKeyStore(platform.database()), rooms.sessions()::find);
    RateLimit limit = new RateLimit(platform.settings().listening().rateLimit(), platform.clock());
    context.addComponent(
        "web",
        new WebComponent(
            new Web(limit, rooms.pages()), platform.settings().listening().trustedProxies()));
    context.addComponent(
        "api",
        new ApiComponent(
            new Api(authentication, limit, resources),
            platform.settings().listening().trustedProxies()));
  }
}
