package dev.serai.api.camel;

import dev.serai.http.Headers;
import java.util.List;
import org.apache.camel.Message;

/** Puts header lines into a message, where a name has one value or a list of them. */
final class ReplyHeaders {
  private ReplyHeaders() {}

  static void put(Message message, Headers headers) {
    for (Headers.Line line : headers.lines()) {
      List<String> values = headers.all(line.name());
      message.setHeader(line.name(), values.size() == 1 ? values.getFirst() : values);
    }
  }
}
