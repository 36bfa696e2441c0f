package dev.serai.sample;

import dev.serai.Json;
import dev.serai.sample.oauth.Grants.Caller;
import dev.serai.sample.oauth.Scopes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything a stranger can ask the helpdesk for: its API behind the key or an access token, and
 * its OAuth server. What a request suffers instead of its answer is decided here. Thread-safe.
 */
final class Helpdesk {
  private static final String BEARER = "Bearer ";

  private final String apiKey;
  private final TicketApi tickets;
  private final OAuthApi oauth;
  private final Function<String, Optional<Caller>> callers;
  private final Consumer<String> giveUp;
  private final RateLimit rateLimit;
  private volatile boolean keyUsed;

  Helpdesk(
      String apiKey,
      TicketApi tickets,
      OAuthApi oauth,
      Function<String, Optional<Caller>> callers,
      Consumer<String> giveUp,
      RateLimit rateLimit) {
    this.apiKey = apiKey;
    this.tickets = tickets;
    this.oauth = oauth;
    this.callers = callers;
    this.giveUp = giveUp;
    this.rateLimit = rateLimit;
  }

  /** Whether somebody came with the API key. */
  boolean keyUsed() {
    return keyUsed;
  }

  Answer answer(Request request) {
    Fault fault = request.fault();
    return switch (fault.kind()) {
      case STATUS -> Answer.error(fault.option("status", 500), "simulated", "an error on demand");
      case HTML -> html(fault);
      case ECHO -> echo(request, fault);
      case STATUS_AFTER -> {
        carriedOut(request);
        yield Answer.error(fault.option("status", 500), "simulated", "an error after the fact");
      }
      case HTML_AFTER -> {
        carriedOut(request);
        yield html(fault);
      }
      default -> carriedOut(request);
    };
  }

  private Answer carriedOut(Request request) {
    try {
      return request.path().startsWith(OAuthApi.PREFIX)
          ? limited(request).orElseGet(() -> oauth.answer(request))
          : ofApi(request);
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  private Answer ofApi(Request request) {
    String given = bearer(request.header("authorization"));
    boolean keyed = same(given, apiKey);
    if (keyed) {
      keyUsed = true;
    }
    Optional<Caller> caller = keyed ? Optional.empty() : callers.apply(given);
    if (!keyed && caller.isEmpty()) {
      return Answer.error(401, "unauthorized", "send the API key or an access token as bearer")
          .with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }
    return limited(request)
        .orElseGet(() -> caller.isEmpty() ? tickets.answer(request) : as(caller.get(), request));
  }

  private Answer as(Caller caller, Request request) {
    if (request.method().equals("DELETE") && request.path().equals("/v1/grant")) {
      giveUp.accept(bearer(request.header("authorization")));
      return Answer.empty(204);
    }
    boolean searching = request.path().endsWith("/search") || request.path().equals("/graphql");
    boolean writing = !request.method().equals("GET") && !searching;
    if (!caller.scopes().contains(writing ? Scopes.WRITE : Scopes.READ)) {
      return Answer.error(403, "insufficient_scope", "the customer did not allow this");
    }
    return request.path().equals("/v1/me")
        ? Answer.json(200, caller.account().me())
        : tickets.answer(request);
  }

  private Optional<Answer> limited(Request request) {
    Fault fault = request.fault();
    boolean demanded = fault.is(Fault.Kind.RATE_LIMITED);
    long wait = demanded ? fault.option("retry_after", 1) : rateLimit.secondsToWait();
    return demanded || wait > 0
        ? Optional.of(
            Answer.error(429, "too_many_requests", "slow down")
                .with("Retry-After", Long.toString(wait)))
        : Optional.empty();
  }

  private static Answer html(Fault fault) {
    return Answer.html(
        fault.option("status", 502),
        "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>");
  }

  /** As carelessly as some real ones: whatever came is part of the complaint. */
  private static Answer echo(Request request, Fault fault) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    String complaint = "cannot understand %s with %s".formatted(body, request.headers());
    return Answer.json(
        fault.option("status", 400),
        Json.object()
            .put("error", fault.options().path("error").asText("invalid_request"))
            .put("error_description", complaint)
            .put("message", complaint));
  }

  private static String bearer(@Nullable String header) {
    return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
  }

  private static boolean same(String given, String wanted) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }
}
