package dev.serai.inbox.camel;

import dev.serai.http.ClosedBody;
import dev.serai.database.DatabaseTrouble;
import dev.serai.http.Headers;
import dev.serai.inbox.Arrival;
import dev.serai.inbox.Reply;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a delivery from the connection itself, for signatures are made over the bytes and the
 * address as they came, and leaves the answer and nothing else in the message.
 */
final class ReceiveEndpoint extends DefaultEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiveEndpoint.class);
  private static final int PARTS = 4;

  private final WebhookComponent.Needs needs;
  private final DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("taking webhooks");

  ReceiveEndpoint(String uri, WebhookComponent component, WebhookComponent.Needs needs) {
    super(uri, component);
    this.needs = needs;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        if (!(exchange.getIn() instanceof HttpMessage message)) {
          throw new IllegalStateException("webhook:receive works in REST routes only");
        }
        Reply reply = answer(message);
        Message out = exchange.getMessage();
        out.removeHeaders("*");
        out.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status());
        out.setHeader(Exchange.CONTENT_TYPE, reply.contentType());
        // An echoed challenge must not become a page.
        out.setHeader("X-Content-Type-Options", "nosniff");
        out.setHeader("Content-Security-Policy", "default-src 'none'");
        out.setHeader("Cache-Control", "no-store");
        reply.headers().forEach(out::setHeader);
        out.setBody(reply.body().getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  /** Never throws: a provider that is told 500 sends it again. */
  private Reply answer(HttpMessage message) {
    try {
      HttpServerRequest request = message.getRequest();
      String[] parts = String.valueOf(request.path()).split("/", -1);
      byte[] body =
          message.getBody() instanceof ClosedBody(byte[] closed)
              ? closed
              : message.getBody(byte[].class);
      if (parts.length < PARTS) {
        return Reply.error(404, "not_found", "There is nothing at this path");
      }
      Arrival arrival =
          new Arrival(
              request.method().name(),
              needs.publicUrl() + request.uri(),
              headers(request),
              body == null ? new byte[0] : body);
      Reply reply = needs.reception().receive(decoded(parts[2]), decoded(parts[3]), arrival);
      trouble.over();
      return reply;
    } catch (RuntimeException e) {
      if (DatabaseTrouble.is(e)) {
        trouble.met(e); // once, not for each delivery
        return Reply.error(503, "unavailable", "The webhook cannot be taken now; send it again");
      }
      LOG.error("A webhook could not be taken; the provider is asked to send it again", e);
      return Reply.error(
          500, "generic_error_support", "The webhook could not be taken; send it again");
    }
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part; // a stray %: there is nothing of that name
    }
  }

  private static Headers headers(HttpServerRequest request) {
    List<Headers.Line> lines = new ArrayList<>();
    request.headers().forEach((name, value) -> lines.add(new Headers.Line(name, value)));
    return new Headers(lines);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("webhook:receive ends a REST route");
  }
}
