package dev.serai.http;

import dev.serai.Origin;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The one door for outgoing HTTP: pooled, blocking (call it from virtual threads), every address
 * checked by the guard inside the client's resolver, every call bounded in time and size. Redirects
 * are followed by {@link Redirects}; nothing is retried here. Thread-safe.
 */
public final class OutgoingHttp implements AutoCloseable {
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final GuardedResolver resolver;
  private final @Nullable HttpHost proxy;
  private final ScheduledThreadPoolExecutor deadlines;

  public OutgoingHttp(OutgoingSettings settings) {
    this(
        settings,
        SystemDefaultDnsResolver.INSTANCE,
        PoolingHttpClientConnectionManagerBuilder.create());
  }

  OutgoingHttp(
      OutgoingSettings settings,
      DnsResolver names,
      PoolingHttpClientConnectionManagerBuilder connections) {
    URI egress = settings.proxy();
    this.proxy = egress == null ? null : Target.of(egress);
    this.resolver =
        new GuardedResolver(
            new AddressGuard(settings.allow(), settings.deny()),
            names,
            proxy == null ? "" : proxy.getHostName() + ":" + Target.port(proxy));
    this.connections =
        connections
            .setDnsResolver(resolver)
            .setMaxConnPerRoute(settings.perHost())
            .setMaxConnTotal(settings.total())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setValidateAfterInactivity(TimeValue.ofMilliseconds(500))
                    .setTimeToLive(TimeValue.ofMinutes(5))
                    .build())
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(this.connections)
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .setUserAgent("Serai")
            .setRequestExecutor(new SentMark())
            .evictIdleConnections(TimeValue.ofSeconds(30))
            .build();
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("http-deadlines").factory());
    this.deadlines.setRemoveOnCancelPolicy(true);
  }

  /**
   * Sends one call, following up to five redirects.
   *
   * @return any status; a redirect that must not be followed is returned as it is
   * @throws HttpFailure when no whole answer came
   */
  public HttpAnswer send(HttpCall call, Authorizer authorizer) {
    return new Redirects(this, authorizer).send(call);
  }

  /**
   * Sends one call that carries its own secrets: no redirect is followed, nothing is repeated.
   *
   * @return any status, redirects among them
   * @throws HttpFailure when no whole answer came
   */
  public HttpAnswer sendOnce(HttpCall call) {
    return exchange(call);
  }

  /** The guarded connections, for Camel's own HTTP component. */
  public HttpClientConnectionManager connections() {
    return connections;
  }

  public GuardedResolver resolver() {
    return resolver;
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    client.close(org.apache.hc.core5.io.CloseMode.GRACEFUL);
  }

  /** One request, one answer, no redirect. */
  HttpAnswer exchange(HttpCall call) {
    String origin = OutgoingUri.origin(call.uri());
    HttpHost target = Target.of(call.uri());
    HttpUriRequestBase request = request(call, origin);
    HttpClientContext context = HttpClientContext.create();
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> deadline =
        deadlines.schedule(
            () -> {
              late.set(true);
              request.cancel();
            },
            call.limits().whole().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      if (proxy != null) {
        resolver.checkBehindProxy(target.getHostName(), Target.port(target));
      }
      return client.execute(
          target,
          request,
          context,
          answer -> answer(answer.getCode(), answer.getHeaders(), answer.getEntity(), call));
    } catch (IOException e) {
      throw Failures.of(e, late.get(), SentMark.on(context), origin, call.limits());
    } catch (RuntimeException e) {
      if (late.get()) {
        throw Failures.of(new IOException(e), true, SentMark.on(context), origin, call.limits());
      }
      throw e;
    } finally {
      deadline.cancel(false);
    }
  }

  private static HttpAnswer answer(
      int status, Header[] headers, @Nullable HttpEntity entity, HttpCall call) throws IOException {
    List<Headers.Line> lines = new ArrayList<>(headers.length);
    for (Header header : headers) {
      lines.add(new Headers.Line(header.getName(), header.getValue()));
    }
    byte[] body =
        BoundedBody.read(entity, call.limits().answerBytes(), OutgoingUri.origin(call.uri()));
    return new HttpAnswer(status, new Headers(lines), body);
  }

  // The per-request connect timeout has no successor: its replacement is one value per route.
  @SuppressWarnings("deprecation")
  private HttpUriRequestBase request(HttpCall call, String origin) {
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.uri());
    for (Headers.Line line : call.headers().lines()) {
      if (!line.value().chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 127))
          || !line.name().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw new HttpFailure(
            "invalid_request",
            Origin.CALLER,
            "header '%s' for %s has characters that headers cannot have"
                .formatted(line.name().replaceAll("[^!-~]", "?"), origin));
      }
      request.addHeader(line.name(), line.value());
    }
    byte[] body = call.body();
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, null));
    }
    request.setConfig(
        RequestConfig.custom()
            .setConnectTimeout(Timeout.of(call.limits().connect()))
            .setConnectionRequestTimeout(Timeout.of(call.limits().whole()))
            .setResponseTimeout(Timeout.of(call.limits().firstByte()))
            .setProxy(proxy)
            .build());
    return request;
  }

  /**
   * Host and port of a URI, as the client wants them; also for names that URI cannot take apart.
   */
  private static final class Target {
    static HttpHost of(URI uri) {
      try {
        return new HttpHost(uri.getScheme(), URIAuthority.create(uri.getRawAuthority()));
      } catch (java.net.URISyntaxException e) {
        throw new HttpFailure(
            "invalid_request", Origin.CALLER, "the URL's host or port cannot be read", e);
      }
    }

    static int port(HttpHost host) {
      return host.getPort() > 0 ? host.getPort() : host.getSchemeName().equals("https") ? 443 : 80;
    }
  }
}
