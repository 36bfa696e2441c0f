package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import java.util.Locale;

/** {@code /providers}: what can be integrated. */
public final class ProvidersApi implements Resource {
  private final Providers providers;

  public ProvidersApi(Providers providers) {
    this.providers = providers;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.alsoForSessions("listProviders", Scope.INTEGRATIONS_LIST, this::list),
        Endpoint.alsoForSessions("getProvider", Scope.INTEGRATIONS_LIST, this::get));
  }

  private ApiReply list(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    String search =
        query.optionalText("search", TextRule.SEARCH).orElse("").toLowerCase(Locale.ROOT);
    query.check();
    ArrayNode list = Json.array();
    providers.all().stream()
        .filter(entry -> text(entry).contains(search))
        .forEach(entry -> list.add(json(entry)));
    return ApiReply.data(list);
  }

  private ApiReply get(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    String name = request.pathParameter("provider");
    return providers
        .find(name)
        .map(entry -> ApiReply.data(json(entry)))
        .orElseThrow(() -> ApiError.notFound("Unknown provider " + name));
  }

  private static String text(Providers.Entry entry) {
    return (entry.name() + " " + entry.displayName()).toLowerCase(Locale.ROOT);
  }

  private ObjectNode json(Providers.Entry entry) {
    return entry
        .shown()
        .deepCopy()
        .put("name", entry.name())
        .put("display_name", entry.displayName())
        .put("auth_mode", entry.authMode())
        .put("logo_url", providers.logo(entry.name()));
  }
}
