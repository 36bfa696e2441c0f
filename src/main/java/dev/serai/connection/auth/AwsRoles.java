package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.connection.App;
import dev.serai.connection.Credentials;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.connection.signature.AwsSignature;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.Jslt;
import dev.serai.provider.Template;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Temporary keys of a role, from STS AssumeRole (API version 2011-06-15), by the app's own keys.
 */
record AwsRoles(Auth.AwsSigV4 auth, TokenEndpoint tokens, InstantSource clock) implements Exchange {
  private static final Pattern REGIONAL =
      Pattern.compile("sts\\.([a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?");
  private static final Tokens.Answer WORDS =
      new Tokens.Answer(
          Jslt.compile(".SessionToken"),
          Jslt.compile("null"),
          Jslt.compile("null"),
          Jslt.compile(".Expiration"),
          Jslt.compile("null"),
          Jslt.compile(".Code"),
          Jslt.compile(".Message"),
          Jslt.compile(".Arn"),
          Map.of());

  /**
   * Before a role is taken on for the first time: whoever knows its name could claim it, unless it
   * asks for the external ID that Serai has made for this one customer. So it has to refuse
   * without.
   */
  void check(Demand demand) {
    Credentials.AwsRole role = (Credentials.AwsRole) demand.credentials();
    TokenAnswer without = understand(ask(demand, role, null));
    if (without.token() != null) {
      throw new AuthRefused(
          "connection_test_failed", Origin.CALLER, "the role lets in whoever knows its name");
    }
    if (!"AccessDenied".equals(without.error())) { // busy, or broken: that proves nothing
      throw new AuthRefused(
          "connection_test_failed",
          Origin.PROVIDER,
          Refusal.of(demand.provider().displayName(), without, demand.secrets()).message());
    }
  }

  @Override
  public HttpAnswer ask(Demand demand) {
    Credentials.AwsRole role = (Credentials.AwsRole) demand.credentials();
    return ask(demand, role, role.externalId());
  }

  private HttpAnswer ask(Demand demand, Credentials.AwsRole role, @Nullable String externalId) {
    App app = demand.app();
    if (app.clientId() == null || app.clientSecret() == null) {
      throw AuthRefused.app(
          demand.connection().providerConfigKey(),
          "AWS access key (client_id is the key's ID, client_secret the key)");
    }
    Map<String, String> form = new LinkedHashMap<>();
    form.put("Action", "AssumeRole");
    form.put("Version", "2011-06-15");
    form.put("RoleArn", role.roleArn());
    form.put("RoleSessionName", "serai");
    form.put("DurationSeconds", Long.toString(auth.lifetime().toSeconds()));
    if (externalId != null) {
      form.put("ExternalId", externalId);
    }
    URI sts = Addresses.of(auth.stsUrl(), demand.values());
    HttpCall call =
        new HttpCall(
            "POST",
            sts,
            Headers.NONE.with("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            TokenEndpoint.form(form).getBytes(StandardCharsets.UTF_8),
            TokenEndpoint.LIMITS);
    return tokens.send(
        new AwsSignature(app.clientId(), app.clientSecret(), null, region(sts), "sts")
            .sign(call, clock.instant()));
  }

  private static String region(URI sts) {
    Matcher regional = REGIONAL.matcher(String.valueOf(sts.getHost()));
    return regional.matches() ? regional.group(1) : "us-east-1";
  }

  @Override
  public TokenAnswer understand(HttpAnswer answer) {
    return new TokenAnswer(answer.status(), answer.headers(), xml(answer.body()), WORDS);
  }

  /** The few elements that matter; null: not XML. */
  @SuppressWarnings("NullAway") // the parser's own signature
  private static ObjectNode xml(byte[] body) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      Document document = builder.parse(new ByteArrayInputStream(body));
      ObjectNode json = Json.object();
      for (String name :
          List.of(
              "AccessKeyId",
              "SecretAccessKey",
              "SessionToken",
              "Expiration",
              "Arn",
              "Code",
              "Message")) {
        var found = document.getElementsByTagNameNS("*", name);
        if (found.getLength() > 0) {
          json.put(name, found.item(0).getTextContent());
        }
      }
      return json;
    } catch (ParserConfigurationException | SAXException | IOException e) {
      return null;
    }
  }

  @Override
  public Credentials granted(Demand demand, TokenAnswer answer, String token) {
    Credentials.AwsRole role = (Credentials.AwsRole) demand.credentials();
    Template declared = auth.region();
    String region = declared == null ? role.region() : declared.fill(demand.values());
    if (region.isEmpty()) {
      throw new AuthRefused(
          "invalid_credentials", Origin.CALLER, "the region is missing, e.g. eu-central-1");
    }
    return new Credentials.AwsRole(
        role.roleArn(),
        region,
        answer.raw().path("AccessKeyId").asText(),
        answer.raw().path("SecretAccessKey").asText(),
        token,
        answer.end(clock.instant()),
        role.externalId(),
        auth.service().fill(demand.values()),
        answer.raw());
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }

  @Override
  public Renewed meaning(Refusal refusal) {
    return refusal.meaning(
        renewing(),
        no ->
            switch (no.code()) {
              case "AccessDenied" -> no.refused(Why.REVOKED);
              case "InvalidClientTokenId" -> no.refused(Why.MISCONFIGURED);
              case "SignatureDoesNotMatch" ->
                  no.trouble().untimely(clock.instant())
                      ? no.unclear()
                      : no.refused(Why.MISCONFIGURED);
              default -> null;
            });
  }
}
