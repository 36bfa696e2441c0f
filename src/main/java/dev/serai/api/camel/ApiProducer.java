package dev.serai.api.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.serai.Json;
import dev.serai.api.Api;
import dev.serai.api.ApiReply;
import dev.serai.api.ApiRequest;
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
    ApiRequest request = reader.read(operation, exchange);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    ApiReply reply = api.answer(request);
    Cors.HEADERS.forEach(message::setHeader);
    reply.headers().lines().forEach(line -> message.setHeader(line.name(), line.value()));
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
    switch (reply.body()) {
      case ApiReply.Body.Whole whole ->
          message.setBody(Json.mapper().writeValueAsBytes(whole.json()));
      case ApiReply.Body.Bytes bytes -> message.setBody(buffer(bytes.json()));
      case ApiReply.Body.Streamed streamed ->
          message.setBody(
              StreamedBody.of(
                  streamed.json(), exchange, exchange.getIn(HttpMessage.class).getResponse()));
    }
  }

  /** Where they lie: Camel's own way would copy them twice. */
  private static Buffer buffer(List<ByteBuffer> pieces) {
    return Buffer.buffer(
        Unpooled.wrappedBuffer(Math.max(16, pieces.size()), pieces.toArray(ByteBuffer[]::new)));
  }
}
