package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.http.Headers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between the door and a handler: limits, keys, scopes, content type, and an answer in
 * the contract's shape whatever happens. Thread-safe.
 */
public final class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final int COST_OF_A_STRANGER = 10;

  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final Authentication authentication;
  private final RateLimit rateLimit;

  public Api(Authentication authentication, RateLimit rateLimit, Collection<Resource> resources) {
    this.authentication = authentication;
    this.rateLimit = rateLimit;
    for (Resource resource : resources) {
      for (Endpoint endpoint : resource.endpoints()) {
        if (endpoints.put(endpoint.operation(), endpoint) != null) {
          throw new IllegalArgumentException("two handlers answer " + endpoint.operation());
        }
      }
    }
  }

  /** The names a route may use as {@code api:<name>}. */
  public Set<String> operations() {
    return Set.copyOf(endpoints.keySet());
  }

  /** Answers; never throws. */
  public ApiReply answer(ApiRequest request) {
    Caller caller;
    try {
      caller = authentication.caller(request);
    } catch (ApiError refused) {
      RateLimit.Left left = rateLimit.spend("address " + request.remote(), COST_OF_A_STRANGER);
      return finish(left, left.exceeded() ? tooMany(request, left) : refused.reply());
    } catch (RuntimeException e) {
      return support(request, e);
    }
    RateLimit.Left left = rateLimit.spend(caller.purse(), 1);
    return finish(left, left.exceeded() ? tooMany(request, left) : handle(request, caller));
  }

  private ApiReply handle(ApiRequest request, Caller caller) {
    try {
      Endpoint endpoint = endpoints.get(request.operation());
      if (endpoint == null) {
        throw new IllegalStateException("no handler answers api:" + request.operation());
      }
      Authentication.require(caller, endpoint);
      if (endpoint.json()) {
        requireJson(request);
      }
      return endpoint.handler().handle(request, caller);
    } catch (ApiError e) {
      return e.reply();
    } catch (SeraiException e) {
      return e.origin() == Origin.CALLER
          ? ApiError.of(400, e.code(), Objects.requireNonNullElse(e.getMessage(), e.code())).reply()
          : support(request, e);
    } catch (RuntimeException e) {
      return support(request, e);
    }
  }

  private static void requireJson(ApiRequest request) {
    request
        .header("Content-Type")
        .filter(type -> !type.strip().toLowerCase(Locale.ROOT).startsWith("application/json"))
        .ifPresent(type -> {
          throw ApiError.of(
              415, "invalid_content_type", "Content-Type header must be application/json");
        });
  }

  private ApiReply tooMany(ApiRequest request, RateLimit.Left left) {
    ObjectNode error =
        Json.object()
            .put("code", "too_many_request")
            .put("method", request.method())
            .put("path", request.path());
    return ApiError.reply(429, error)
        .withHeader("Retry-After", Long.toString(rateLimit.secondsLeft(left)));
  }

  /** Only the log says what happened; the caller gets the id to ask for it. */
  private static ApiReply support(ApiRequest request, RuntimeException e) {
    String id = UUID.randomUUID().toString();
    LOG.error("{} failed (support id: {})", request.operation(), id, e);
    ObjectNode error =
        Json.object()
            .put("message", "An error occurred. Please contact support with this unique id: " + id)
            .put("code", "generic_error_support")
            .put("payload", id);
    return ApiError.reply(500, error);
  }

  private static ApiReply finish(RateLimit.Left left, ApiReply reply) {
    Headers headers = left.on(reply.headers());
    return new ApiReply(reply.status(), headers, reply.body());
  }
}
