package dev.serai.connection;

import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.http.HttpFailure;
import dev.serai.http.OutgoingHttp;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.provider.UnknownProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import com.fasterxml.jackson.databind.JsonNode;

/** Calls providers over the one outgoing door, with the provider's own limits and patience. */
public final class HttpProviderClient implements ProviderClient {
  /** Waits; tests record instead. */
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  private final OutgoingHttp http;
  private final Supplier<Catalogue> catalogue;
  private final CredentialSource credentials;
  private final LongFunction<App> apps;
  private final long maxAnswerBytes;
  private final InstantSource clock;
  private final Pause pause;
  private final Concurrency concurrency = new Concurrency();

  /**
   * @param catalogue the snapshot in force; asked on every call
   * @param maxAnswerBytes the node's own bound, whatever a provider declares
   */
  public HttpProviderClient(
      OutgoingHttp http,
      Supplier<Catalogue> catalogue,
      CredentialSource credentials,
      long maxAnswerBytes) {
    this(http, catalogue, credentials, integration -> App.NONE, maxAnswerBytes);
  }

  /**
   * @param apps the developer's app by integration, for modes that sign with it
   */
  public HttpProviderClient(
      OutgoingHttp http,
      Supplier<Catalogue> catalogue,
      CredentialSource credentials,
      LongFunction<App> apps,
      long maxAnswerBytes) {
    this(http, catalogue, credentials, apps, maxAnswerBytes, InstantSource.system(), Thread::sleep);
  }

  HttpProviderClient(
      OutgoingHttp http,
      Supplier<Catalogue> catalogue,
      CredentialSource credentials,
      long maxAnswerBytes,
      InstantSource clock,
      Pause pause) {
    this(http, catalogue, credentials, integration -> App.NONE, maxAnswerBytes, clock, pause);
  }

  private HttpProviderClient(
      OutgoingHttp http,
      Supplier<Catalogue> catalogue,
      CredentialSource credentials,
      LongFunction<App> apps,
      long maxAnswerBytes,
      InstantSource clock,
      Pause pause) {
    this.http = http;
    this.catalogue = catalogue;
    this.credentials = credentials;
    this.apps = apps;
    this.maxAnswerBytes = maxAnswerBytes;
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public HttpAnswer call(Connection connection, ProviderCall call) {
    Provider provider = provider(connection.provider());
    Signing signing =
        new Signing(
            provider,
            connection,
            () -> credentials.open(connection),
            () -> apps.apply(connection.integration()));
    HttpCall request = request(provider, connection, call);
    RetryPause retry =
        new RetryPause(
            provider.retry(), call.repeatable(), () -> ThreadLocalRandom.current().nextDouble());
    return attempts(provider, connection, request, signing, retry);
  }

  /** One attempt with credentials that no connection has yet. */
  HttpAnswer callOnce(Connection candidate, Grant offered, ProviderCall call) {
    Provider provider = provider(candidate.provider());
    return once(
        provider,
        candidate,
        request(provider, candidate, call),
        new Signing(provider, candidate, () -> offered, () -> apps.apply(candidate.integration())));
  }

  Provider provider(String name) {
    return catalogue.get().find(name).orElseThrow(() -> new UnknownProvider(name));
  }

  private HttpAnswer attempts(
      Provider provider,
      Connection connection,
      HttpCall request,
      Signing signing,
      RetryPause retry) {
    Instant begun = clock.instant();
    boolean refreshed = false;
    for (int attempt = 1; ; attempt++) {
      Optional<Duration> wait;
      try {
        HttpAnswer answer = once(provider, connection, request, signing);
        if (answer.status() == 401 && !refreshed) {
          refreshed = true;
          if (replaced(connection, signing.used().generation())) {
            continue;
          }
        }
        if (answer.ok()) {
          credentials.accepted(connection, signing.used().generation());
        }
        Instant now = clock.instant();
        wait = retry.after(answer, attempt, Duration.between(begun, now), now);
        if (wait.isEmpty() || !waited(wait.get())) {
          return answer;
        }
      } catch (HttpFailure failure) {
        wait = retry.after(failure, attempt, Duration.between(begun, clock.instant()));
        if (wait.isEmpty() || !waited(wait.get())) {
          throw failure;
        }
      }
    }
  }

  /** Whether there is something else to prove ourselves with than what was refused. */
  private boolean replaced(Connection connection, long refused) {
    boolean replaced = credentials.renewed(connection, refused);
    if (!replaced) {
      credentials.refused(
          connection, refused, grant -> new Verification(this).verify(connection, grant));
    }
    return replaced;
  }

  private HttpAnswer once(
      Provider provider, Connection connection, HttpCall request, Signing signing) {
    try {
      HttpAnswer answer =
          concurrency.within(provider, connection, () -> http.send(request, signing.authorizer()));
      return signing.clean(answer);
    } catch (HttpFailure failure) {
      throw failure.of(connection.label());
    }
  }

  private boolean waited(Duration duration) {
    try {
      pause.of(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private HttpCall request(Provider provider, Connection connection, ProviderCall call) {
    Headers headers = new Headers(java.util.List.of()).with("Accept", "application/json");
    for (Map.Entry<String, dev.serai.provider.Template> header : provider.headers().entrySet()) {
      if (!provider.secret(header.getValue())) { // the authorizer adds those
        headers =
            headers.with(
                header.getKey(), header.getValue().fill(Rendering.values(connection.config())));
      }
    }
    JsonNode body = call.body();
    if (body != null) {
      headers = headers.with("Content-Type", "application/json");
    }
    for (Headers.Line line : call.headers().lines()) {
      headers = headers.with(line.name(), line.value());
    }
    return new HttpCall(
        method(call, connection),
        CallUri.of(provider, connection, call),
        headers,
        body == null ? null : Json.write(body).getBytes(StandardCharsets.UTF_8),
        limits(provider.limits()));
  }

  private static String method(ProviderCall call, Connection connection) {
    String method = call.method().toUpperCase(Locale.ROOT);
    if (!method.matches("[A-Z]{3,10}")) {
      throw new ProviderCallRefused(
          "invalid_request", Origin.CALLER, connection.label() + ": this is no HTTP method");
    }
    return method;
  }

  private HttpCall.Limits limits(HttpCall.Limits declared) {
    return new HttpCall.Limits(
        declared.connect(),
        declared.firstByte(),
        declared.whole(),
        Math.min(declared.answerBytes(), maxAnswerBytes));
  }
}
