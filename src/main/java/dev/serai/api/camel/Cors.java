package dev.serai.api.camel;

import java.util.Map;

/** Any page may call the API: it is the key that counts, and keys are never in cookies. */
final class Cors {
  static final Map<String, String> HEADERS =
      Map.of(
          "Access-Control-Allow-Origin",
          "*",
          "Access-Control-Expose-Headers",
          "Authorization, Etag, Content-Type, Content-Length, X-Nango-Signature,"
              + " X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset");

  /** The further headers of an answer to a preflight request. */
  static final Map<String, String> PREFLIGHT =
      Map.of(
          "Access-Control-Max-Age",
          "600",
          "Access-Control-Allow-Methods",
          "GET,POST,PUT,PATCH,DELETE,OPTIONS",
          "Access-Control-Allow-Headers",
          "Authorization, Content-Type, Accept, Origin, X-Requested-With, Nango-Activity-Log-Id,"
              + " Nango-Is-Dry-Run, Nango-Is-Sync, Provider-Config-Key, Connection-Id, Sentry-Trace,"
              + " Baggage");

  private Cors() {}
}
