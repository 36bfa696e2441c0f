package dev.serai.http;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Marks a call whose request is about to be written: the connection stands and is encrypted. What
 * fails before cannot have reached the other side. Thread-safe.
 */
final class SentMark extends HttpRequestExecutor {
  private static final String SENT = "dev.serai.http.sent";

  static boolean on(HttpContext call) {
    return call.getAttribute(SENT) != null;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      @Nullable HttpResponseInformationCallback information,
      HttpContext call)
      throws IOException, HttpException {
    if (!Method.CONNECT.isSame(request.getMethod())) { // that is for a proxy alone
      call.setAttribute(SENT, true);
    }
    return super.execute(request, connection, information, call);
  }
}
