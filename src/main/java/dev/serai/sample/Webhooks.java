package dev.serai.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever is registered of every change of a ticket, in order, once for each account that
 * somebody connected. A delivery that is not answered with 2xx is repeated up to three times under
 * the same {@code X-Sample-Delivery}; then it is given up, as real helpdesks do. Thread-safe.
 */
final class Webhooks {
  private static final int WAITING = 100_000;
  private static final int RETRIES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private record Delivery(WebhookTarget target, String id, String event, byte[] body) {}

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>(WAITING);
  private final AtomicInteger delivered = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger givenUp = new AtomicInteger();
  private final InstantSource clock;
  private final Supplier<Collection<String>> accounts;
  private final Duration pause;
  private volatile @Nullable WebhookTarget target;

  /**
   * @param accounts that are connected now
   * @param pause before the first repetition; each further one waits twice as long
   */
  Webhooks(InstantSource clock, Supplier<Collection<String>> accounts, Duration pause) {
    this.clock = clock;
    this.accounts = accounts;
    this.pause = pause;
  }

  /**
   * @param changed null: nobody is told any more
   */
  void target(@Nullable WebhookTarget changed) {
    target = changed;
  }

  /** Takes note of a change and returns at once; without a target nothing is kept. */
  void changed(String event, Ticket ticket) {
    WebhookTarget to = target;
    if (to == null) {
      return;
    }
    for (String account : accounts.get()) {
      ObjectNode body = Json.object().put("event", event);
      body.put("delivered_at", Times.text(clock.instant()));
      body.putObject("account").put("id", account);
      body.set("ticket", ticket.tree());
      if (!waiting.offer(new Delivery(to, UUID.randomUUID().toString(), event, Bodies.of(body)))) {
        givenUp.incrementAndGet();
      }
    }
  }

  /** Delivers until it is interrupted. */
  void deliver() {
    try {
      while (true) {
        Delivery next = waiting.take();
        (arrives(next) ? delivered : givenUp).incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean arrives(Delivery delivery) throws InterruptedException {
    for (int retry = 0; retry <= RETRIES; retry++) {
      if (retry > 0) {
        Thread.sleep(pause.multipliedBy(1L << (retry - 1)));
      }
      attempts.incrementAndGet();
      if (accepted(delivery)) {
        return true;
      }
    }
    return false;
  }

  private boolean accepted(Delivery delivery) throws InterruptedException {
    long now = clock.instant().getEpochSecond();
    HttpRequest request =
        HttpRequest.newBuilder(delivery.target().url())
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("X-Sample-Event", delivery.event())
            .header("X-Sample-Delivery", delivery.id())
            .header(
                "X-Sample-Signature", signature(delivery.target().secret(), now, delivery.body()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()))
            .build();
    try {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 300;
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code t=<seconds>,v1=<hex of HMAC-SHA256 over "t.body">}. */
  static String signature(String secret, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** {@code {"delivered", "attempts", "given_up", "waiting"}}. */
  ObjectNode counts() {
    return Json.object()
        .put("delivered", delivered.get())
        .put("attempts", attempts.get())
        .put("given_up", givenUp.get())
        .put("waiting", waiting.size());
  }
}
