package dev.serai.sample;

import com.sun.net.httpserver.HttpExchange;
import dev.serai.sample.oauth.Account;
import dev.serai.sample.oauth.AuthorizeRequest;
import dev.serai.sample.oauth.ClientCheck;
import dev.serai.sample.oauth.Codes;
import dev.serai.sample.oauth.ConsentPage;
import dev.serai.sample.oauth.Grants;
import dev.serai.sample.oauth.OAuthError;
import dev.serai.sample.oauth.OAuthOptions;
import dev.serai.sample.oauth.TokenAnswer;
import java.net.URI;
import java.util.Map;

/** The helpdesk's own OAuth 2 server: {@code /oauth/authorize}, {@code /token}, {@code /revoke}. */
final class OAuthApi {
  static final String PREFIX = "/oauth/";

  private final OAuthOptions options;
  private final Grants grants;
  private final Codes codes;
  private final ClientCheck client;

  OAuthApi(OAuthOptions options, Grants grants, Codes codes) {
    this.options = options;
    this.grants = grants;
    this.codes = codes;
    this.client = new ClientCheck(options);
  }

  /**
   * @throws Refusal for an unknown path
   */
  Answer answer(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "GET /oauth/authorize" -> consent(request);
      case "POST /oauth/authorize" -> decision(request);
      case "POST /oauth/token" -> credentials(request, this::token);
      case "POST /oauth/revoke" -> credentials(request, this::revoke);
      default -> throw Refusal.notFound("path");
    };
  }

  private Answer consent(Request request) {
    try {
      AuthorizeRequest asked = AuthorizeRequest.of(request.query(), options);
      return page(200, ConsentPage.question(asked, codes.ask(asked)));
    } catch (OAuthError refused) {
      return page(400, ConsentPage.refusal(refused));
    } catch (AuthorizeRequest.Redirected refused) {
      return redirect(refused.to());
    }
  }

  private Answer decision(Request request) {
    try {
      Map<String, String> form = request.form();
      boolean allowed = "allow".equals(form.get("decision"));
      Account account =
          Account.of(form.getOrDefault("account", ""))
              .orElseThrow(() -> OAuthError.invalidRequest("Nobody has this account."));
      return redirect(codes.decide(form.getOrDefault("request", ""), allowed ? account : null));
    } catch (OAuthError refused) {
      return page(refused.status(), ConsentPage.refusal(refused));
    }
  }

  private interface Handling {
    Answer of(Map<String, String> form);
  }

  /** For the client alone, by its secret; nothing of it may be cached. */
  private Answer credentials(Request request, Handling handling) {
    try {
      Map<String, String> form = request.form();
      client.check(request.header("authorization"), form);
      return uncached(handling.of(form));
    } catch (OAuthError refused) {
      Answer answer = uncached(Answer.json(refused.status(), refused.json()));
      return refused.status() == 401
          ? answer.with("WWW-Authenticate", "Basic realm=\"sample\"")
          : answer;
    }
  }

  private Answer token(Map<String, String> form) {
    TokenAnswer answer =
        switch (form.getOrDefault("grant_type", "")) {
          case "authorization_code" ->
              codes.exchange(
                  required(form, "code"),
                  required(form, "redirect_uri"),
                  required(form, "code_verifier"));
          case "refresh_token" ->
              grants.refresh(required(form, "refresh_token"), form.getOrDefault("scope", ""));
          default -> throw OAuthError.unsupportedGrantType();
        };
    return Answer.json(200, answer.json());
  }

  private Answer revoke(Map<String, String> form) {
    grants.revoke(required(form, "token"));
    return Answer.empty(200);
  }

  private static String required(Map<String, String> form, String name) {
    String value = form.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw OAuthError.invalidRequest(name + " is missing");
    }
    return value;
  }

  private static Answer uncached(Answer answer) {
    return answer.with("Cache-Control", "no-store").with("Pragma", "no-cache");
  }

  private static Answer redirect(URI to) {
    return uncached(Answer.empty(303))
        .with("Location", to.toString())
        .with("Referrer-Policy", "no-referrer");
  }

  private static Answer page(int status, String html) {
    return uncached(Answer.html(status, html))
        .with("Content-Security-Policy", ConsentPage.contentSecurityPolicy())
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff");
  }

  /** What the log may show: of these paths never the parameters. */
  static String target(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return path.startsWith(PREFIX) ? path : exchange.getRequestURI().toString();
  }
}
