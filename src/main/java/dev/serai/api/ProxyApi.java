package dev.serai.api;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.Connection;
import dev.serai.connection.Integration;
import dev.serai.connection.ProviderRelay;
import dev.serai.connection.RefreshFailure;
import dev.serai.connection.RelayedCall;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpFailure;
import dev.serai.provider.UnknownProvider;
import java.util.List;

/**
 * {@code /proxy/…}: the provider's own API, called as a connection. What it answers is handed on as
 * it is, its refusals too. Answers are held whole, so that no credential can come back in one:
 * {@code limits.answer_bytes} of the provider bounds them.
 */
public final class ProxyApi implements Resource {
  private final Targets targets;
  private final ProviderRelay provider;

  public ProxyApi(Targets targets, ProviderRelay provider) {
    this.targets = targets;
    this.provider = provider;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.withAnyBody("proxy", Scope.PROXY, this::relay));
  }

  private ApiReply relay(ApiRequest request, Caller caller) {
    ProxyRequest read = ProxyRequest.read(request);
    if (read.call().base() != null && !caller.may(Scope.CONNECTIONS_READ_CREDENTIALS)) {
      // The credentials go there: that is for keys that may see them.
      throw ApiError.of(
          400,
          "base_url_override_not_allowed",
          "Base-Url-Override needs a key with the scope "
              + Scope.CONNECTIONS_READ_CREDENTIALS.text());
    }
    Connection connection = connection(caller, read);
    try {
      return reply(provider.relay(connection, read.call()));
    } catch (RefreshFailure failure) {
      throw credentials(failure);
    } catch (HttpFailure failure) {
      throw unreachable(failure, read.call());
    } catch (UnknownProvider unknown) {
      throw ApiError.of(400, "unsupported_provider", text(unknown));
    }
  }

  private Connection connection(Caller caller, ProxyRequest read) {
    Integration integration =
        targets
            .find(caller, read.integration())
            .orElseThrow(() ->
                ApiError.of(
                    404,
                    "unknown_provider_config",
                    "There is no integration " + read.integration()));
    return targets
        .find(integration, read.connection())
        .orElseThrow(() -> ApiError.of(400, "server_error", "Failed to get connection"))
        .connection();
  }

  private static ApiError credentials(RefreshFailure failure) {
    boolean waiting = failure.code().equals("connection_refresh_backoff");
    return ApiError.of(
        RefreshReply.status(failure),
        waiting ? failure.code() : "server_error",
        "Failed to get connection credentials: '" + text(failure) + "'");
  }

  /** No answer came, so there is no status to hand on: 500, or 400 where it is the caller's. */
  private static ApiError unreachable(HttpFailure failure, RelayedCall call) {
    boolean refused = failure.code().equals("address_refused");
    String code = refused && call.base() != null ? "base_url_override_not_allowed" : failure.code();
    return ApiError.of(failure.origin() == Origin.CALLER ? 400 : 500, code, text(failure));
  }

  private static String text(SeraiException e) {
    return String.valueOf(e.getMessage());
  }

  private static ApiReply reply(HttpAnswer answer) {
    return new ApiReply(
        answer.status(),
        RelayedHeaders.of(answer.headers()),
        new ApiReply.Body.Foreign(
            answer.body(), answer.headers().first("Content-Type").orElse(null)));
  }
}
