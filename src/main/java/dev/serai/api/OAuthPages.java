package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.Consent;
import dev.serai.connection.Granted;
import dev.serai.connection.Obtaining;
import dev.serai.connection.Renewal;
import dev.serai.connection.connect.Attempt;
import dev.serai.connection.connect.ConnectRefused;
import dev.serai.connection.connect.Connecting;
import dev.serai.connection.connect.FlowResults;
import dev.serai.connection.connect.Flows;
import dev.serai.connection.connect.FrontDoors;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The popup: out to the provider, and back. Both ends are pages that a person sees. */
public final class OAuthPages {
  private static final Logger LOG = LoggerFactory.getLogger(OAuthPages.class);

  private final Ways ways;
  private final Admission admission;
  private final Flows flows;
  private final FlowResults results;
  private final FrontDoors doors;
  private final URI own;
  private final OwnAddress address;
  private final StateCookie cookies;
  private final Brought brought;

  /** How credentials come about. */
  public record Ways(
      Connecting connecting, Consent consent, Obtaining obtaining, Renewal renewal) {}

  /**
   * @param own how browsers reach us
   */
  public OAuthPages(
      Ways ways, Admission admission, Flows flows, FlowResults results, FrontDoors doors, URI own) {
    this.ways = ways;
    this.admission = admission;
    this.flows = flows;
    this.results = results;
    this.doors = doors;
    this.own = own;
    this.address = new OwnAddress(own);
    this.cookies = new StateCookie("https".equals(own.getScheme()));
    this.brought = new Brought(ways);
  }

  public List<WebPage> pages() {
    return List.of(
        page("oauthConnect", this::connect),
        page("oauthCallback", this::callback),
        page("appInstalled", this::callback));
  }

  private interface Answer {
    WebReply to(ApiRequest request);
  }

  private static WebPage page(String operation, Answer answer) {
    return new WebPage() {
      @Override
      public String operation() {
        return operation;
      }

      @Override
      public WebReply answer(ApiRequest request) {
        return answer.to(request);
      }
    };
  }

  /** The end of a flow as the customer and the waiting page are told. */
  private WebReply failed(
      ApiRequest request,
      @Nullable UUID socket,
      String key,
      String connectionId,
      RuntimeException e) {
    String type = "unknown_err";
    String why;
    if (e instanceof SeraiException known && known.origin() != Origin.OURS) {
      type = known.code();
      why = String.valueOf(known.getMessage());
    } else {
      String id = UUID.randomUUID().toString();
      LOG.error("{} failed (support id: {})", request.operation(), id, e);
      why = "An error occurred. Please contact support with this unique id: " + id;
    }
    if (socket != null) {
      ObjectNode frame = FlowResults.error(key, connectionId, type, why);
      Refusals.quote(e, frame);
      results.publish(socket, frame);
    }
    return ResultPage.failure(request, socket, type, why);
  }

  private WebReply connect(ApiRequest request) {
    // Before anything is taken or drawn: it all happens anew there.
    Optional<String> elsewhere = address.instead(request);
    if (elsewhere.isPresent()) {
      return WebReply.redirect(elsewhere.get());
    }
    String key = request.pathParameter("providerConfigKey");
    UUID socket = null;
    String connectionId = "";
    try {
      socket = socket(request, key);
      Attempt attempt = admission.admit(request, key);
      connectionId = attempt.connectionId();
      checkOwnApp(attempt);
      Optional<Granted> entered = brought.of(request, attempt);
      if (entered.isPresent()) {
        ways.connecting().finish(attempt, entered.get(), socket);
        return ResultPage.success(request, attempt, socket);
      }
      return sent(attempt, socket);
    } catch (RuntimeException e) {
      return failed(request, socket, key, connectionId, e);
    }
  }

  /** Apps without a secret are known to OAuth 2 alone: elsewhere half an app signs nothing. */
  private void checkOwnApp(Attempt attempt) {
    if (attempt.clientId() != null
        && attempt.clientSecret() == null
        && ways.connecting().candidate(attempt).provider().auth("OAUTH2").isEmpty()) {
      throw new ConnectRefused(
          "url_param_err",
          "Both of an app are needed, its ID and its secret: oauth_client_secret_override is"
              + " missing");
    }
  }

  /** The WebSocket that waits; one that another flow has is refused, and that one is not told. */
  private @Nullable UUID socket(ApiRequest request, String key) {
    String given = request.query().path("ws_client_id").asText("");
    if (given.isEmpty() || given.equals("undefined")) {
      return null;
    }
    UUID socket;
    try {
      socket = UUID.fromString(given);
    } catch (IllegalArgumentException e) {
      throw new ConnectRefused("url_param_err", "ws_client_id is not an id that was given out");
    }
    String token = request.query().path("connect_session_token").asText("");
    String page = token.isEmpty() ? request.query().path("public_key").asText("") : token;
    if (!results.take(socket, key, page)) {
      throw new ConnectRefused(
          "url_param_err", "This window's id was used before or is too old: begin again");
    }
    return socket;
  }

  private WebReply sent(Attempt attempt, @Nullable UUID socket) {
    ways.connecting().check(ways.connecting().candidate(attempt));
    String state = flows.random();
    String cookie = flows.random();
    String given = doors.of(attempt.environment()).callbackUrl();
    URI redirect = URI.create(given == null ? own + "/oauth/callback" : given);
    Consent.Begun begun = ways.consent().begin(step(attempt, redirect, state));
    flows.began(state, cookie, new Flows.Flow(attempt, redirect, begun.secrets(), socket));
    return WebReply.redirect(begun.address().toString())
        .with("Set-Cookie", cookies.set(state, cookie, Flows.LIFE));
  }

  private Consent.Step step(Attempt attempt, URI redirect, String state) {
    Connecting.Candidate candidate = ways.connecting().candidate(attempt);
    candidate
        .provider()
        .consent()
        .ifPresent(
            way -> ways.connecting().checkApp(attempt, candidate, way, attempt.clientId() != null));
    return new Consent.Step(
        candidate.connection(),
        ways.connecting().app(attempt),
        redirect,
        state,
        attempt.scopes(),
        attempt.params());
  }

  private WebReply callback(ApiRequest request) {
    String state = request.query().path("state").asText("");
    Flows.Taken taken;
    try {
      taken = flows.take(state, cookies.of(request, state));
    } catch (RuntimeException e) {
      return failed(request, null, "", "", e);
    }
    return switch (taken) {
      case Flows.Taken.Unknown unknown ->
          ResultPage.failure(
              request,
              null,
              "state_err",
              "This link was used before, is older than ten minutes, or was not made here: begin"
                  + " again");
      case Flows.Taken.OtherBrowser other ->
          ResultPage.failure(
              request,
              null,
              "state_cookie_err",
              "This was begun in another browser: begin again in this one");
      case Flows.Taken.Flowing flowing ->
          ended(request, flowing.flow(), state)
              .with("Set-Cookie", cookies.set(state, "", Duration.ZERO));
    };
  }

  private WebReply ended(ApiRequest request, Flows.Flow flow, String state) {
    Attempt attempt = flow.attempt();
    try {
      Map<String, String> callback = new LinkedHashMap<>();
      request
          .query()
          .properties()
          .forEach(value -> callback.put(value.getKey(), value.getValue().asText()));
      if (waits(attempt, callback)) {
        return pending(request, flow);
      }
      Granted granted =
          ways.consent().finish(step(attempt, flow.redirectUri(), state), flow.secrets(), callback);
      ways.connecting().finish(attempt, granted, flow.socket());
      return ResultPage.success(request, attempt, flow.socket());
    } catch (RuntimeException e) {
      return failed(request, flow.socket(), attempt.key(), attempt.connectionId(), e);
    }
  }

  /** An installation that an owner has to approve first: there is nothing to connect with yet. */
  private boolean waits(Attempt attempt, Map<String, String> callback) {
    return "request".equals(callback.get("setup_action"))
        && ways.connecting().candidate(attempt).provider().auth("APP").isPresent();
  }

  private WebReply pending(ApiRequest request, Flows.Flow flow) {
    UUID socket = flow.socket();
    if (socket != null) {
      results.publish(
          socket, FlowResults.success(flow.attempt().key(), flow.attempt().connectionId(), true));
    }
    return ResultPage.pending(request, flow.attempt(), socket);
  }
}
