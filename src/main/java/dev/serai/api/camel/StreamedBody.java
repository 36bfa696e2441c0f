package dev.serai.api.camel;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;

/**
 * A body that is made while it is sent, and a caller who may leave meanwhile. Camel stops reading
 * while its caller is slow and waits for him to go on; of one who has left it never hears again,
 * and the exchange would stay in flight for ever. So a caller who leaves makes the next read fail,
 * and if there is none, the exchange is ended here.
 */
final class StreamedBody extends FilterInputStream {
  private static final long LOOK_AGAIN_MS = 500;

  private final Exchange exchange;
  private volatile boolean left;
  private volatile boolean reading;
  private volatile boolean done;

  private StreamedBody(InputStream body, Exchange exchange) {
    super(body);
    this.exchange = exchange;
  }

  static InputStream of(InputStream body, Exchange exchange, HttpServerResponse response) {
    StreamedBody streamed = new StreamedBody(body, exchange);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange ended) {
                streamed.done = true;
              }
            });
    response.closeHandler(closed -> streamed.leave());
    return streamed;
  }

  private void leave() {
    left = true;
    Vertx.currentContext()
        .owner()
        .setPeriodic(
            LOOK_AGAIN_MS,
            timer -> {
              if (!done && !reading) {
                UnitOfWorkHelper.doneUow(exchange.getUnitOfWork(), exchange);
              }
              if (done) {
                Vertx.currentContext().owner().cancelTimer(timer);
              }
            });
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    reading = true;
    try {
      if (left) {
        throw new IOException("the caller has left");
      }
      return super.read(to, offset, length);
    } finally {
      reading = false;
    }
  }
}
