package dev.serai.outbox.camel;

import dev.serai.outbox.Answered;
import dev.serai.outbox.Delivery;
import dev.serai.outbox.SigningKeys;
import dev.serai.outbox.WebhookSigning;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** A delivery as an exchange for {@code http:}, and the exchange's end as an answer. */
final class WebhookExchange {
  private static final int ERROR_LENGTH = 300;

  /**
   * The exchange property with the names, in small letters, of headers that are sent as they are.
   */
  static final String FORWARDED = "SeraiForwardedHeaders";

  private final SigningKeys keys;
  private final Function<String, URI> urls;

  WebhookExchange(SigningKeys keys, Function<String, URI> urls) {
    this.keys = keys;
    this.urls = urls;
  }

  /** Signs now: the key in force and the time of this try. */
  void fill(Exchange exchange, Delivery delivery) {
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    Message message = exchange.getMessage();
    delivery.headers().forEach(message::setHeader);
    exchange.setProperty(FORWARDED, names(delivery));
    // What is sent may hold a reconnect link: whatever writes exchanges down shows no entity.
    message.setBody(new ByteArrayEntity(body, ContentType.create("application/json")));
    message.setHeader(Exchange.HTTP_METHOD, "POST");
    message.setHeader(Exchange.HTTP_URI, urls.apply(delivery.url()).toString());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    WebhookSigning.headers(
            keys.of(delivery.environment()), delivery.messageId(), Instant.now(), body)
        .forEach(message::setHeader);
  }

  private static Set<String> names(Delivery delivery) {
    return delivery.headers().keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  static Answered answered(Exchange exchange, Duration took) {
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (exchange.getException() != null) {
      return new Answered.Nothing(inWords(exchange.getException()), took);
    }
    return status == null
        ? new Answered.Nothing("the delivery route ended without a request", took)
        : new Answered.Status(status, retryAfter(exchange), took);
  }

  private static String inWords(Throwable failure) {
    String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return text.length() > ERROR_LENGTH ? text.substring(0, ERROR_LENGTH) : text;
  }

  private static Optional<Duration> retryAfter(Exchange exchange) {
    String text = exchange.getMessage().getHeader("Retry-After", "", String.class).trim();
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), at);
      return wait.isNegative() ? Optional.empty() : Optional.of(wait);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
