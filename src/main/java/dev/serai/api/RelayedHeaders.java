package dev.serai.api;

import dev.serai.http.Headers;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The headers of a provider's answer that a caller of {@code /proxy} gets: paging links, limits,
 * ids and names of files, but none that speak of one hop, of a browser's session at the provider,
 * of what pages may do, or of our own limits. An answer is data: whoever opens it in a browser gets
 * no page that runs.
 */
final class RelayedHeaders {
  private static final Pattern KEPT_BACK =
      Pattern.compile(
          "connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length"
              + "|content-encoding|content-type|set-cookie2?|access-control-.*|alt-svc|server"
              + "|strict-transport-security|content-security-policy.*|x-ratelimit-(limit|remaining|reset)");

  private RelayedHeaders() {}

  static Headers of(Headers answered) {
    return new Headers(
            answered.lines().stream()
                .filter(line -> !KEPT_BACK.matcher(line.name().toLowerCase(Locale.ROOT)).matches())
                .toList())
        .with("X-Content-Type-Options", "nosniff")
        .with("Content-Security-Policy", "default-src 'none'; sandbox");
  }
}
