package dev.serai.api;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.http.Headers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between the door and a {@link WebPage}: a limit per address, careful headers, and an
 * answer whatever happens. Thread-safe.
 */
public final class Web {
  private static final Logger LOG = LoggerFactory.getLogger(Web.class);

  /** Whoever guesses passwords at a provider through us is stopped ten times as early. */
  private static final int MORE_FOR_A_REFUSAL = 9;

  /** Nothing is remembered, framed, sniffed or told to the next site, unless a page says so. */
  private static final Map<String, String> CAREFUL =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private final Map<String, WebPage> pages = new HashMap<>();
  private final RateLimit rateLimit;

  public Web(RateLimit rateLimit, Collection<WebPage> pages) {
    this.rateLimit = rateLimit;
    for (WebPage page : pages) {
      if (this.pages.put(page.operation(), page) != null) {
        throw new IllegalArgumentException("two handlers answer web:" + page.operation());
      }
    }
  }

  /** The names a route may use as {@code web:<name>}. */
  public Set<String> operations() {
    return Set.copyOf(pages.keySet());
  }

  /** Whether pages of every site may read what this operation answers. */
  public boolean anyOrigin(String operation) {
    WebPage page = pages.get(operation);
    return page != null && page.anyOrigin();
  }

  /** Answers; never throws. */
  public WebReply answer(ApiRequest request) {
    String purse = "web address " + request.remote();
    RateLimit.Left left = rateLimit.spend(purse, 1);
    WebReply reply =
        left.exceeded()
            ? WebReply.error(429, "too_many_request", "Too many requests from this address")
                .with("Retry-After", Long.toString(rateLimit.secondsLeft(left)))
            : handled(request);
    if (!left.exceeded() && reply.status() >= 400 && reply.status() < 500) {
      left = rateLimit.spend(purse, MORE_FOR_A_REFUSAL);
    }
    Headers headers = left.on(reply.headers());
    for (Map.Entry<String, String> careful : CAREFUL.entrySet()) {
      if (headers.first(careful.getKey()).isEmpty()) {
        headers = headers.with(careful.getKey(), careful.getValue());
      }
    }
    return new WebReply(reply.status(), reply.contentType(), headers, reply.body());
  }

  private WebReply handled(ApiRequest request) {
    try {
      WebPage page =
          Objects.requireNonNull(pages.get(request.operation()), "no handler of the web: route");
      return page.answer(request);
    } catch (ApiError e) {
      return json(e.reply());
    } catch (SeraiException e) {
      return e.origin() == Origin.CALLER
          ? WebReply.error(400, e.code(), Objects.requireNonNullElse(e.getMessage(), e.code()))
          : support(request, e);
    } catch (RuntimeException e) {
      return support(request, e);
    }
  }

  private static WebReply json(ApiReply reply) {
    if (!(reply.body() instanceof ApiReply.Body.Whole whole)) {
      throw new IllegalStateException("an error is always whole");
    }
    WebReply json = WebReply.json(reply.status(), whole.json());
    return new WebReply(json.status(), json.contentType(), reply.headers(), json.body());
  }

  private static WebReply support(ApiRequest request, RuntimeException e) {
    String id = UUID.randomUUID().toString();
    LOG.error("{} failed (support id: {})", request.operation(), id, e);
    return WebReply.error(
        500,
        "generic_error_support",
        "An error occurred. Please contact support with this unique id: " + id);
  }
}
