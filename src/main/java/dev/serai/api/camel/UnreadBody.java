package dev.serai.api.camel;

import dev.serai.Origin;
import dev.serai.SeraiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A body that the server left to us, since it would take a form apart and drop its files. Read as
 * it came, by a thread that may wait.
 */
final class UnreadBody {
  static final int LARGEST = 75 << 20;
  private static final int SECONDS = 120;

  private UnreadBody() {}

  /** It is too large, or did not come; the connection is of no further use. */
  static final class NotRead extends SeraiException {
    private static final long serialVersionUID = 1L;

    final int status;

    NotRead(int status, String code, String message) {
      super(code, Origin.CALLER, message);
      this.status = status;
    }
  }

  static byte[] read(HttpServerRequest request) {
    CompletableFuture<byte[]> whole = new CompletableFuture<>();
    Buffer gathered = Buffer.buffer();
    request.exceptionHandler(whole::completeExceptionally);
    request.handler(part -> {
      if (gathered.length() + part.length() > LARGEST) {
        whole.completeExceptionally(
            new NotRead(413, "payload_too_large", "The body is larger than this server accepts"));
      } else if (!whole.isDone()) {
        gathered.appendBuffer(part);
      }
    });
    request.endHandler(end -> whole.complete(gathered.getBytes()));
    request.resume();
    try {
      return whole.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof NotRead known
          ? known
          : new NotRead(400, "bad_request", "The body was broken off");
    } catch (TimeoutException e) {
      throw new NotRead(
          408, "request_timeout", "The body was not whole after " + SECONDS + " seconds");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotRead(503, "unavailable", "The server is stopping");
    }
  }
}
