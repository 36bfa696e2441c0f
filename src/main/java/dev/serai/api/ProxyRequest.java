package dev.serai.api;

import dev.serai.connection.RelayedCall;
import dev.serai.connection.RelayedCall.Again;
import dev.serai.http.Headers;
import dev.serai.http.OutgoingUri;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@code /proxy/…}, taken apart: whose account, and the call that is to be made.
 *
 * @param integration its unique key
 * @param connection its connection id
 */
record ProxyRequest(String integration, String connection, RelayedCall call) {
  private static final String PREFIX = "/proxy";
  private static final String OWN = "nango-proxy-";
  private static final int MOST_RETRIES = 20;
  private static final TextRule STATUSES = TextRule.matching("^\\d{3}(,\\d{3})*$", 200);
  private static final TextRule SWITCH = TextRule.matching("^(?i)(true|false)$", 5);
  private static final TextRule METHOD = TextRule.matching("^(?!TRACE|CONNECT)[A-Z]{3,10}$", 10);

  /** Of the connection between us and the provider, or made by the client itself. */
  private static final Pattern NOT_OURS_TO_SEND =
      Pattern.compile(
          "host|content-length|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|proxy-.*");

  /**
   * @throws ApiError 400 {@code invalid_headers}, naming each
   */
  static ProxyRequest read(ApiRequest request) {
    Fields headers =
        Fields.headers(
            request,
            "Provider-Config-Key",
            "Connection-Id",
            "Retries",
            "Retry-On",
            "Base-Url-Override",
            "Decompress",
            "Forward-Headers-On-Redirect",
            "Nango-Activity-Log-Id",
            "Nango-Is-Sync",
            "Nango-Is-Script",
            "Nango-Is-Dry-Run");
    String integration = headers.text("provider-config-key", TextRule.INTEGRATION);
    String connection = headers.text("connection-id", TextRule.CONNECTION);
    Again again =
        new Again(
            headers.number("retries", 0, MOST_RETRIES).orElse(0),
            headers.optionalText("retry-on", STATUSES).map(ProxyRequest::numbers).orElse(Set.of()));
    URI base =
        headers
            .optionalText("base-url-override", TextRule.ANY)
            .map(text -> base(text, headers))
            .orElse(null);
    // Answers come unpacked, and credentials never leave their origin, whatever these say.
    for (String known :
        List.of(
            "decompress",
            "forward-headers-on-redirect",
            "nango-is-sync",
            "nango-is-script",
            "nango-is-dry-run")) {
      var unused = headers.optionalText(known, SWITCH);
    }
    var unused = headers.optionalText("nango-activity-log-id", TextRule.SEARCH);
    Headers sent = sent(request, headers);
    if (METHOD.check(request.method()).isPresent()) {
      headers.report("custom", "This method cannot be sent to a provider", "method");
    }
    headers.check();
    RelayedCall call =
        new RelayedCall(
            request.method(),
            request.target().substring(PREFIX.length()),
            sent,
            request.body().length == 0 ? null : request.body(),
            base,
            again);
    return new ProxyRequest(integration, connection, call);
  }

  private static Set<Integer> numbers(String list) {
    return List.of(list.split(",")).stream().map(Integer::valueOf).collect(Collectors.toSet());
  }

  /** The SDK always sends the header; empty is none. */
  private static @Nullable URI base(String text, Fields headers) {
    if (text.isBlank()) {
      return null;
    }
    try {
      URI base = OutgoingUri.parse(text.strip().replaceAll("/+$", ""));
      if (base.getRawQuery() == null) {
        return base;
      }
      headers.report("invalid_format", "Invalid URL: must have no query", "base-url-override");
    } catch (IllegalArgumentException e) {
      headers.report("invalid_format", "Invalid URL: " + e.getMessage(), "base-url-override");
    }
    return null;
  }

  /** {@code Nango-Proxy-<Name>} as {@code <Name>}, and what kind of body it is. */
  private static Headers sent(ApiRequest request, Fields headers) {
    Headers sent = Headers.NONE;
    if (request.body().length > 0) {
      String type = request.header("Content-Type").orElse("application/octet-stream");
      sent = sent.with("Content-Type", type);
    }
    for (Headers.Line line : request.headers().lines()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (!name.startsWith(OWN)) {
        continue;
      }
      String own = name.substring(OWN.length());
      if (own.isEmpty() || NOT_OURS_TO_SEND.matcher(own).matches()) {
        headers.report("custom", "This header cannot be set", line.name());
      } else {
        sent = sent.with(line.name().substring(OWN.length()), line.value());
      }
    }
    return sent;
  }
}
