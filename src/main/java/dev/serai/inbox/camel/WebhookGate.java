package dev.serai.inbox.camel;

import dev.serai.inbox.Reception;
import dev.serai.inbox.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * What stands before the door for providers, where nobody is known yet: bounds on what a stranger
 * can make this node hold. A body is whole within its time or its connection is closed, it is
 * refused as soon as it is known to be too large, and few large ones are taken at a time.
 * Everything else of the server stays as it is. For event-loop threads: nothing here waits.
 */
public final class WebhookGate {
  private static final String PATHS = "/webhook/*";
  private static final int BEFORE_ROUTES = -100;

  /** More than nearly every webhook has; one that does not say its length is not small. */
  private static final int SMALL = 256 << 10;

  private final Semaphore small;
  private final Semaphore large;
  private final long most;
  private final Duration time;

  /**
   * As much as fits into an eighth of the heap of each kind, but two large ones at least.
   *
   * @param heap its largest size in bytes
   */
  public WebhookGate(long heap) {
    this(
        (int) Math.clamp(heap / 8 / SMALL, 100, 1_000),
        (int) Math.clamp(heap / 8 / Reception.LARGEST, 2, 8),
        Reception.LARGEST,
        Duration.ofSeconds(30));
  }

  /**
   * @param small how many bodies of up to 256 KiB at a time
   * @param large how many others
   * @param most bytes of one body
   * @param time for one body
   */
  WebhookGate(int small, int large, long most, Duration time) {
    this.small = new Semaphore(small);
    this.large = new Semaphore(large);
    this.most = most;
    this.time = time;
  }

  /** Before the routes' own handlers; once. */
  public void install(Router router, Vertx vertx) {
    router.route(PATHS).order(BEFORE_ROUTES).handler(context -> enter(context, vertx));
    router
        .route(PATHS)
        .order(BEFORE_ROUTES + 1)
        .handler(BodyHandler.create(false).setBodyLimit(most));
  }

  private void enter(RoutingContext context, Vertx vertx) {
    HttpServerRequest request = context.request();
    long length = length(request);
    if (length > most) {
      refuse(context, Reception.TOO_LARGE);
      return;
    }
    Semaphore room = length >= 0 && length <= SMALL ? small : large;
    if (!room.tryAcquire()) {
      context.response().putHeader("Retry-After", "5");
      refuse(context, Reception.BUSY);
      return;
    }
    long timer =
        vertx.setTimer(
            time.toMillis(),
            late -> {
              if (!request.isEnded()) {
                request.connection().close();
              }
            });
    context.addEndHandler(ended -> {
      vertx.cancelTimer(timer);
      room.release();
    });
    context.next();
  }

  /** -1: it does not say. */
  private static long length(HttpServerRequest request) {
    String said = request.getHeader("Content-Length");
    if (said == null) {
      return request.getHeader("Transfer-Encoding") == null ? 0 : -1;
    }
    try {
      return Long.parseLong(said);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The rest of the body is not read: the connection ends with the answer. */
  private static void refuse(RoutingContext context, Reply reply) {
    HttpServerResponse response = context.response();
    response
        .setStatusCode(reply.status())
        .putHeader("Content-Type", reply.contentType())
        .putHeader("Connection", "close")
        .end(reply.body())
        .onComplete(done -> context.request().connection().close());
  }
}
