package dev.serai.api.camel;

import dev.serai.api.ApiRequest;
import dev.serai.api.Percent;
import dev.serai.api.QueryString;
import dev.serai.api.TrustedProxies;
import dev.serai.http.ClosedBody;
import dev.serai.http.Headers;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Reads the request from the connection itself and not from Camel's headers, where path parameters,
 * query and headers share one name space that a client could write to.
 */
final class RequestReader {
  private final TrustedProxies proxies;

  RequestReader(TrustedProxies proxies) {
    this.proxies = proxies;
  }

  ApiRequest read(String operation, Exchange exchange) {
    if (!(exchange.getIn() instanceof HttpMessage message)) {
      throw new IllegalStateException("api:" + operation + " works in REST routes only");
    }
    HttpServerRequest request = message.getRequest();
    String path = request.path() == null ? "/" : request.path();
    Headers headers = headers(request);
    return new ApiRequest(
        operation,
        request.method().name(),
        Percent.decode(path, false),
        request.query() == null ? path : path + "?" + request.query(),
        pathParameters(template(exchange), path),
        QueryString.parse(request.query()),
        headers,
        body(message),
        proxies.caller(peer(request), headers));
  }

  private static String template(Exchange exchange) {
    return exchange.getFromEndpoint() instanceof PlatformHttpEndpoint endpoint
        ? endpoint.getPath()
        : "/";
  }

  /** {@code /connections/{id}} against the path as it came, each part decoded on its own. */
  static Map<String, String> pathParameters(String template, String path) {
    String[] names = template.split("/");
    String[] values = path.split("/");
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < Math.min(names.length, values.length); i++) {
      if (names[i].startsWith("{") && names[i].endsWith("}")) {
        String name = names[i].substring(1, names[i].length() - 1);
        parameters.put(name, Percent.decode(values[i], false));
      }
    }
    return parameters;
  }

  private static Headers headers(HttpServerRequest request) {
    List<Headers.Line> lines = new ArrayList<>();
    request.headers().forEach((name, value) -> lines.add(new Headers.Line(name, value)));
    HostAndPort authority = request.authority();
    if (authority != null && !request.headers().contains("Host")) { // HTTP/2 has it elsewhere
      lines.add(new Headers.Line("Host", authority.toString()));
    }
    return new Headers(lines);
  }

  private static byte[] body(Message message) {
    if (message.getBody() instanceof HttpServerRequest unread) {
      return UnreadBody.read(unread);
    }
    byte[] body =
        message.getBody() instanceof ClosedBody(byte[] closed)
            ? closed
            : message.getBody(byte[].class);
    return body == null ? new byte[0] : body;
  }

  private static String peer(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    return address == null || address.hostAddress() == null ? "unknown" : address.hostAddress();
  }
}
