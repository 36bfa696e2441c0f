package dev.serai.api.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.api.Api;
import dev.serai.api.ApiReply;
import dev.serai.http.Headers;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.DefaultProducer;

/** Turns an exchange into a request, and its message into the reply and nothing else. */
final class ApiProducer extends DefaultProducer {
  private final Api api;
  private final RequestReader reader;
  private final String operation;

  ApiProducer(Endpoint endpoint, Api api, RequestReader reader, String operation) {
    super(endpoint);
    this.api = api;
    this.reader = reader;
    this.operation = operation;
  }

  @Override
  public void process(Exchange exchange) throws JsonProcessingException {
    ApiReply reply;
    try {
      reply = api.answer(reader.read(operation, exchange));
    } catch (UnreadBody.NotRead e) {
      reply = notRead(e, exchange);
    }
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    Cors.HEADERS.forEach(message::setHeader);
    ReplyHeaders.put(message, reply.headers());
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
    switch (reply.body()) {
      case ApiReply.Body.Whole whole ->
          message.setBody(Json.mapper().writeValueAsBytes(whole.json()));
      case ApiReply.Body.Bytes bytes -> message.setBody(buffer(bytes.json()));
      case ApiReply.Body.Foreign foreign -> {
        message.setHeader(Exchange.CONTENT_TYPE, foreign.type());
        message.setBody(foreign.bytes());
      }
      case ApiReply.Body.Streamed streamed ->
          message.setBody(
              StreamedBody.of(
                  streamed.json(), exchange, exchange.getIn(HttpMessage.class).getResponse()));
    }
  }

  /** The rest of the body is not read: the connection ends with the answer. */
  private static ApiReply notRead(UnreadBody.NotRead e, Exchange exchange) {
    exchange.getIn(HttpMessage.class).getResponse().putHeader("Connection", "close");
    ObjectNode envelope = Json.object();
    envelope.putObject("error").put("code", e.code()).put("message", e.getMessage());
    return new ApiReply(e.status, Headers.NONE, new ApiReply.Body.Whole(envelope));
  }

  /** Where they lie: Camel's own way would copy them twice. */
  private static Buffer buffer(List<ByteBuffer> pieces) {
    return Buffer.buffer(
        Unpooled.wrappedBuffer(Math.max(16, pieces.size()), pieces.toArray(ByteBuffer[]::new)));
  }
}
