package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.Credentials;
import dev.serai.connection.EnteredCheck;
import dev.serai.connection.Granted;
import dev.serai.connection.connect.Attempt;
import dev.serai.connection.connect.ConnectRefused;
import dev.serai.connection.connect.Connecting;
import dev.serai.http.HttpFailure;
import dev.serai.provider.Auth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The doors for credentials that a customer types in, one per auth mode. */
public final class CredentialPages {
  private static final TextRule ENTERED = TextRule.size(0, 1_024);
  private static final TextRule LONG = TextRule.size(1, 65_536);
  private static final TextRule NEEDED = TextRule.size(1, 1_024);

  private static final Map<String, Integer> STATUS =
      Map.of(
          "unknown_provider_config", 404,
          "unknown_provider_template", 404,
          "deprecated_authentication", 401,
          "unknown_connect_session_token", 401);

  private final OAuthPages.Ways ways;
  private final Admission admission;

  public CredentialPages(OAuthPages.Ways ways, Admission admission) {
    this.ways = ways;
    this.admission = admission;
  }

  public List<WebPage> pages() {
    return List.of(
        page("enterApiKey", strict(body -> new Credentials.ApiKey(body.text("apiKey", NEEDED)))),
        page("enterBasic", strict(CredentialPages::basic)),
        page("enterClient", strict(CredentialPages::client)),
        page("enterTba", strict(CredentialPages::tba)),
        page("enterJwt", body -> new Credentials.Jwt(loose(body), "", null)),
        page(
            "enterTwoStep",
            body -> new Credentials.TwoStep(loose(body), "", null, null, Json.object())),
        page("enterSignature", strict(CredentialPages::signature)),
        page("enterAwsRole", strict(CredentialPages::role)),
        page("enterNothing", body -> new Credentials.None()),
        page("enterBill", CredentialPages::notOffered),
        page("enterOutbound", CredentialPages::begunElsewhere));
  }

  private static Function<JsonNode, Credentials> strict(Function<Fields, Credentials> reading) {
    return json -> {
      Fields body = Fields.body(json);
      Credentials credentials = reading.apply(body);
      body.check();
      return credentials;
    };
  }

  private static Credentials basic(Fields body) {
    return new Credentials.Basic(body.text("username", ENTERED), body.text("password", ENTERED));
  }

  private static Credentials signature(Fields body) {
    var unused = body.optionalText("type", TextRule.ANY);
    return new Credentials.Signature(body.text("username", NEEDED), body.text("password", ENTERED));
  }

  private static Credentials client(Fields body) {
    return new Credentials.OAuth2Client(
        body.text("client_id", NEEDED),
        body.optionalText("client_secret", NEEDED).orElse(null),
        body.optionalText("client_certificate", LONG).orElse(null),
        body.optionalText("client_private_key", LONG).orElse(null),
        "",
        null,
        Json.object());
  }

  /** The customer's own app is an ID and a secret: half of it signs nothing. */
  private static Credentials tba(Fields body) {
    String id = body.text("token_id", NEEDED);
    String secret = body.text("token_secret", NEEDED);
    String own = body.optionalText("oauth_client_id_override", NEEDED).orElse(null);
    String ownSecret = body.optionalText("oauth_client_secret_override", NEEDED).orElse(null);
    if ((own == null) != (ownSecret == null)) {
      String missing = own == null ? "oauth_client_id_override" : "oauth_client_secret_override";
      body.report("custom", "Both of an app are needed, its ID and its secret", missing);
    }
    return new Credentials.Tba(id, secret, own, ownSecret);
  }

  private static Credentials role(Fields body) {
    return Credentials.AwsRole.entered(
        body.text("role_arn", NEEDED), body.optionalText("region", NEEDED).orElse(""), null);
  }

  private static ObjectNode loose(JsonNode body) {
    Fields fields = Fields.body(body);
    fields.keys().forEach(fields::expect);
    fields.check();
    return ((ObjectNode) body).deepCopy();
  }

  /** No provider's file can declare the credentials of this kind: there is nothing to try. */
  private static Credentials notOffered(JsonNode body) {
    throw new ConnectRefused("invalid_auth_mode", "No provider here takes credentials this way");
  }

  /**
   * An installation that begins at the provider, in its marketplace. The contract names the door
   * but not what the provider sends or how it says whose installation it is; a connection made here
   * could only wait for ever, so nothing is made.
   */
  private static Credentials begunElsewhere(JsonNode body) {
    throw new ConnectRefused(
        "invalid_auth_mode",
        "No provider here is installed from its own side: connect without installation: outbound");
  }

  private WebPage page(String operation, Function<JsonNode, Credentials> reading) {
    return new WebPage() {
      @Override
      public String operation() {
        return operation;
      }

      @Override
      public boolean anyOrigin() {
        return true;
      }

      @Override
      public WebReply answer(ApiRequest request) {
        try {
          return entered(request, reading);
        } catch (ApiError e) {
          throw e;
        } catch (SeraiException e) {
          if (e.origin() == Origin.OURS) {
            throw e;
          }
          return Refusals.reply(STATUS.getOrDefault(e.code(), 400), e);
        }
      }
    };
  }

  private WebReply entered(ApiRequest request, Function<JsonNode, Credentials> reading) {
    requireJson(request);
    String key = request.pathParameter("providerConfigKey");
    Attempt attempt = admission.admit(request, key);
    Credentials entered = reading.apply(request.json());
    ways.connecting().finish(attempt, obtained(ways, attempt, entered), null);
    return WebReply.json(
        200,
        Json.object().put("connectionId", attempt.connectionId()).put("providerConfigKey", key));
  }

  /** Only JSON, which no other site can send from a form. */
  private static void requireJson(ApiRequest request) {
    request
        .header("Content-Type")
        .filter(type -> !type.strip().toLowerCase(Locale.ROOT).startsWith("application/json"))
        .ifPresent(type -> {
          throw ApiError.of(
              415, "invalid_content_type", "Content-Type header must be application/json");
        });
  }

  /** Credentials that work, of what somebody entered. */
  static Granted obtained(OAuthPages.Ways ways, Attempt attempt, Credentials entered) {
    Connecting.Candidate candidate = ways.connecting().candidate(attempt);
    Auth auth =
        candidate
            .provider()
            .auth(entered.type())
            .orElseThrow(() ->
                new ConnectRefused(
                    "invalid_auth_mode",
                    "Provider %s does not support %s auth"
                        .formatted(candidate.provider().name(), entered.type())));
    Credentials kept = declared(auth, identified(ways, attempt, candidate, entered));
    ways.connecting().check(candidate);
    boolean own = kept instanceof Credentials.Tba tba && tba.clientId() != null;
    ways.connecting().checkApp(attempt, candidate, auth, own);
    try {
      return ways.obtaining()
          .obtain(
              candidate.connection(),
              ways.connecting().app(attempt),
              candidate.config().secret(),
              kept);
    } catch (HttpFailure e) {
      // Nobody could try them: to whoever entered them it is one answer, whatever kept it away.
      throw new ConnectRefused("connection_test_failed", String.valueOf(e.getMessage()));
    } catch (SeraiException e) {
      throw kept instanceof Credentials.AwsRole role && e.code().equals("connection_test_failed")
          ? new ConnectRefused(
              e.code(),
              "%s (its trust policy has to ask for sts:ExternalId %s)"
                  .formatted(e.getMessage(), role.externalId()))
          : e;
    }
  }

  /** A role is asked for by the external ID of this one customer, and by no other. */
  private static Credentials identified(
      OAuthPages.Ways ways, Attempt attempt, Connecting.Candidate candidate, Credentials entered) {
    return entered instanceof Credentials.AwsRole role
        ? Credentials.AwsRole.entered(
            role.roleArn(), role.region(), ways.connecting().externalId(attempt, candidate))
        : entered;
  }

  /** What the provider declares of it, or an error that names what does not fit. */
  private static Credentials declared(Auth auth, Credentials entered) {
    Credentials kept =
        switch (entered) {
          case Credentials.Jwt jwt ->
              new Credentials.Jwt(EnteredCheck.kept(auth, jwt.inputs()), "", null);
          case Credentials.TwoStep steps ->
              new Credentials.TwoStep(
                  EnteredCheck.kept(auth, steps.inputs()), "", null, null, Json.object());
          default -> entered;
        };
    List<Issue> issues =
        EnteredCheck.problems(auth, kept).stream()
            .map(problem -> new Issue("custom", problem.message(), List.copyOf(problem.path())))
            .toList();
    if (!issues.isEmpty()) {
      throw Issue.refuse("invalid_body", issues);
    }
    return kept;
  }
}
