package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Credentials;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A client's secret or private key for a token (RFC 6749 §4.4, RFC 7523 §2.2). */
record ClientCredentials(Auth.OAuth2Client auth, TokenEndpoint tokens, InstantSource clock)
    implements Exchange {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  @Override
  public HttpAnswer ask(Demand demand) {
    Credentials.OAuth2Client client = (Credentials.OAuth2Client) demand.credentials();
    Values values = demand.values();
    Map<String, String> body = new LinkedHashMap<>();
    body.put("grant_type", "client_credentials");
    List<String> scopes = demand.app().scopes().isEmpty() ? auth.scopes() : demand.app().scopes();
    if (!scopes.isEmpty()) {
      body.put("scope", String.join(auth.scopeSeparator(), scopes));
    }
    Tokens.Assertion assertion = auth.assertion();
    if (assertion != null) {
      body.put("client_assertion_type", JWT_BEARER);
      body.put("client_assertion", asserted(assertion, client, values));
    }
    body.putAll(TokenEndpoint.filled(auth.tokenParams(), values));
    return tokens.ask(
        auth.token(),
        auth.token().url(),
        body,
        client.clientId(),
        assertion == null ? client.clientSecret() : null,
        values);
  }

  private String asserted(
      Tokens.Assertion assertion, Credentials.OAuth2Client client, Values values) {
    String audience =
        assertion.audience() == null
            ? Addresses.of(auth.token().url(), values).toString()
            : assertion.audience().fill(values);
    ObjectNode claims =
        Json.object()
            .put("iss", client.clientId())
            .put("sub", client.clientId())
            .put("aud", audience)
            .put("jti", UUID.randomUUID().toString());
    String key = client.privateKey();
    return new TokenSigner(assertion.algorithm(), SigningKeys.pem(key == null ? "" : key))
        .thumbprint(assertion.thumbprint(), client.certificate())
        .sign(claims, clock.instant(), assertion.lifetime());
  }

  @Override
  public TokenAnswer understand(HttpAnswer answer) {
    return TokenAnswer.of(answer, auth.answer());
  }

  @Override
  public Credentials granted(Demand demand, TokenAnswer answer, String token) {
    Credentials.OAuth2Client client = (Credentials.OAuth2Client) demand.credentials();
    return new Credentials.OAuth2Client(
        client.clientId(),
        client.clientSecret(),
        client.certificate(),
        client.privateKey(),
        token,
        answer.end(clock.instant()),
        answer.raw());
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }

  /** The client is the customer's: if it is refused, he withdrew it, or our clock is wrong. */
  @Override
  public Renewed meaning(Refusal refusal) {
    return refusal.meaning(
        renewing(),
        no -> {
          if (!no.code().equals("invalid_client")) {
            return null;
          }
          boolean untimely = auth.assertion() != null && no.trouble().untimely(clock.instant());
          return untimely ? no.unclear() : no.refused(Why.REVOKED);
        });
  }
}
