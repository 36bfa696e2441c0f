package dev.serai.http;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request as it will leave, before credentials are added.
 *
 * @param uri absolute http(s)
 * @param body null: no body
 * @param limits bounds on time and size
 */
public record HttpCall(
    String method, URI uri, Headers headers, byte @Nullable [] body, Limits limits) {

  /**
   * @param connect until the TCP and TLS handshake is done
   * @param firstByte until the first byte of the answer
   * @param whole from sending to the last byte of the answer
   * @param answerBytes the largest answer body that is read
   */
  public record Limits(Duration connect, Duration firstByte, Duration whole, long answerBytes) {
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(120), 32L << 20);
  }

  public HttpCall withHeader(String name, String value) {
    return new HttpCall(method, uri, headers.with(name, value), body, limits);
  }

  public HttpCall withUri(URI changed) {
    return new HttpCall(method, changed, headers, body, limits);
  }

  @Override
  public String toString() {
    return method + " " + uri.getHost();
  }
}
