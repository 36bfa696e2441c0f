package dev.serai.http;

import dev.serai.Origin;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Follows redirects by hand, so that each hop passes the guard and credentials never leave the
 * origin they belong to. A write is only repeated where the status says so (307, 308) and only at
 * the same origin; anything else is returned to the caller as the redirect it is.
 */
final class Redirects {
  private static final int MOST = 5;

  /** What another origin may see. Everything else may carry a secret or a tenant's name. */
  private static final Set<String> HARMLESS =
      Set.of("accept", "accept-language", "content-type", "user-agent");

  private final OutgoingHttp http;
  private final Authorizer authorizer;

  Redirects(OutgoingHttp http, Authorizer authorizer) {
    this.http = http;
    this.authorizer = authorizer;
  }

  HttpAnswer send(HttpCall first) {
    String home = OutgoingUri.origin(first.uri());
    HttpCall call = first;
    boolean atHome = true;
    for (int hop = 0; ; hop++) {
      HttpAnswer answer = http.exchange(atHome ? authorizer.authorize(call) : call);
      Optional<HttpCall> next = follow(call, answer);
      if (next.isEmpty()) {
        return answer;
      }
      if (hop == MOST) {
        throw new HttpFailure(
            "invalid_answer", Origin.PROVIDER, home + " redirected more than " + MOST + " times");
      }
      call = next.get();
      if (!OutgoingUri.origin(call.uri()).equals(home)) {
        atHome = false; // for good: a stranger must not send us back with our own credentials
        call = stripped(call);
      }
    }
  }

  private static Optional<HttpCall> follow(HttpCall call, HttpAnswer answer) {
    Optional<String> location = answer.headers().first("location");
    if (location.isEmpty() || !List.of(301, 302, 303, 307, 308).contains(answer.status())) {
      return Optional.empty();
    }
    URI uri = resolve(call.uri(), location.get());
    boolean reading = call.method().equals("GET") || call.method().equals("HEAD");
    if (reading) {
      return sameOrigin(call.uri(), uri) || call.body() == null
          ? Optional.of(call.withUri(uri))
          : Optional.empty();
    }
    if (answer.status() == 303) {
      return Optional.of(new HttpCall("GET", uri, call.headers(), null, call.limits()));
    }
    boolean repeats = answer.status() == 307 || answer.status() == 308;
    return repeats && sameOrigin(call.uri(), uri)
        ? Optional.of(call.withUri(uri))
        : Optional.empty();
  }

  private static URI resolve(URI base, String location) {
    try {
      return location.matches("(?i)https?://.*")
          ? OutgoingUri.parse(location)
          : OutgoingUri.parse(
              base.resolve(URI.create(OutgoingUri.encodeIllegal(location))).toString());
    } catch (IllegalArgumentException e) {
      throw new HttpFailure(
          "invalid_answer",
          Origin.PROVIDER,
          OutgoingUri.origin(base) + " redirected to what is no URL",
          e);
    }
  }

  private static boolean sameOrigin(URI a, URI b) {
    return OutgoingUri.origin(a).equals(OutgoingUri.origin(b));
  }

  private static HttpCall stripped(HttpCall call) {
    List<Headers.Line> kept =
        call.headers().lines().stream()
            .filter(line -> HARMLESS.contains(line.name().toLowerCase(Locale.ROOT)))
            .toList();
    return new HttpCall(call.method(), call.uri(), new Headers(kept), call.body(), call.limits());
  }
}
