package dev.serai.api.camel;

import dev.serai.api.ApiRequest;
import dev.serai.api.Web;
import dev.serai.api.WebReply;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.DefaultProducer;

/** Turns an exchange into a request, and its message into the reply and nothing else. */
final class WebProducer extends DefaultProducer {
  private final Web web;
  private final RequestReader reader;
  private final String operation;

  WebProducer(Endpoint endpoint, Web web, RequestReader reader, String operation) {
    super(endpoint);
    this.web = web;
    this.reader = reader;
    this.operation = operation;
  }

  @Override
  public void process(Exchange exchange) {
    ApiRequest request = reader.read(operation, exchange);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    WebReply reply = web.answer(request);
    if (web.anyOrigin(operation)) {
      Cors.HEADERS.forEach(message::setHeader);
    }
    ReplyHeaders.put(message, reply.headers());
    heldBack(exchange, reply);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status());
    message.setHeader(Exchange.CONTENT_TYPE, reply.contentType());
    message.setBody(reply.body());
  }

  /** Camel passes no {@code Cache-Control} on; it would be missing where it matters most. */
  private static void heldBack(Exchange exchange, WebReply reply) {
    if (exchange.getIn() instanceof HttpMessage http) {
      reply
          .headers()
          .first("Cache-Control")
          .ifPresent(value -> http.getRequest().response().putHeader("Cache-Control", value));
    }
  }
}
