package dev.serai.http;

import dev.serai.Origin;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** Turns what the client throws into the few failures that callers act upon. */
final class Failures {
  private Failures() {}

  /**
   * @param late the whole call took too long
   * @param sent the request may have been written
   */
  static HttpFailure of(
      IOException e, boolean late, boolean sent, String origin, HttpCall.Limits limits) {
    HttpFailure failure = of(e, late, origin, limits, sent);
    return sent ? failure : failure.unsent();
  }

  private static HttpFailure of(
      IOException e, boolean late, String origin, HttpCall.Limits limits, boolean sent) {
    if (late) {
      return provider("timeout", origin + " did not finish within " + limits.whole(), e);
    }
    return switch (e) {
      case AddressRefused refused ->
          new HttpFailure(
              "address_refused", Origin.CALLER, String.valueOf(refused.getMessage()), refused);
      case UnknownHostException unknown ->
          provider("connect_failed", origin + ": the host name is unknown", unknown);
      case ConnectTimeoutException slow ->
          provider("connect_failed", origin + ": no connection within " + limits.connect(), slow);
      case ConnectException down ->
          provider("connect_failed", origin + " refuses connections", down);
      case NoRouteToHostException lost ->
          provider("connect_failed", origin + " cannot be reached", lost);
      case SSLException tls ->
          provider(
              sent ? "connection_reset" : "connect_failed",
              origin + ": TLS failed: " + tls.getMessage(),
              tls);
      case ConnectionRequestTimeoutException full ->
          new HttpFailure(
              "timeout", Origin.OURS, "all connections to " + origin + " stayed in use", full);
      case SocketTimeoutException slow ->
          provider("timeout", origin + " sent nothing for " + limits.firstByte(), slow);
      case NoHttpResponseException none ->
          provider("connection_reset", origin + " closed the connection without an answer", none);
      case TruncatedChunkException cut -> truncated(origin, cut);
      case ConnectionClosedException cut -> truncated(origin, cut);
      case EOFException cut -> truncated(origin, cut);
      case ZipException cut ->
          provider("invalid_answer", origin + " sent what cannot be decompressed", cut);
      case SocketException reset ->
          provider("connection_reset", origin + " broke the connection", reset);
      default -> provider("invalid_answer", origin + " sent what is not HTTP", e);
    };
  }

  private static HttpFailure truncated(String origin, IOException e) {
    return provider("answer_truncated", origin + " stopped in the middle of its answer", e);
  }

  private static HttpFailure provider(String code, String message, IOException e) {
    return new HttpFailure(code, Origin.PROVIDER, message, e);
  }
}
