package dev.serai.sample.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** What a customer sees in the popup: who wants what, as whom, yes or no. No script at all. */
public final class ConsentPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ground: #f2f4f1; --sheet: #fff; --ink: #1b241f;
        --quiet: #55605a; --line: #cfd6d1; --yes: #14684a; --on-yes: #fff; }
      @media (prefers-color-scheme: dark) { :root { --ground: #121714; --sheet: #1c231f;
        --ink: #edf2ee; --quiet: #a9b5ae; --line: #3b4740; --yes: #6fd3a8; --on-yes: #0c1f17; } }
      * { box-sizing: border-box; }
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
        background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
      main { width: 100%; max-width: 26rem; padding: 1.75rem; background: var(--sheet);
        border: 1px solid var(--line); border-radius: .75rem; }
      .desk { margin: 0 0 1rem; color: var(--quiet); font-size: .875rem; }
      h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; }
      p, ul { margin: 0 0 1rem; }
      ul { padding-left: 1.25rem; }
      fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; }
      legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
      label { display: flex; gap: .75rem; align-items: center; min-height: 3rem; padding: .5rem .75rem;
        margin-bottom: .5rem; border: 1px solid var(--line); border-radius: .5rem; cursor: pointer; }
      label:has(:checked) { border-color: var(--yes); box-shadow: inset 0 0 0 1px var(--yes); }
      input { width: 1.125rem; height: 1.125rem; accent-color: var(--yes); }
      small { display: block; color: var(--quiet); }
      .choice { display: flex; flex-direction: row-reverse; gap: .75rem; }
      button { flex: 1; min-height: 2.75rem; font: inherit; font-weight: 600; cursor: pointer;
        border: 1px solid var(--line); border-radius: .5rem; background: none; color: inherit; }
      button[value=allow] { background: var(--yes); border-color: var(--yes); color: var(--on-yes); }
      :focus-visible { outline: 3px solid var(--yes); outline-offset: 2px; }
      """;

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%s</title>
      <style>%s</style>
      </head>
      <body>
      <main>
      <p class="desk">Sample helpdesk</p>
      %s
      </main>
      </body>
      </html>
      """;

  private static final String QUESTION =
      """
      <h1>Connect your helpdesk account to Serai?</h1>
      <p>The app <strong>%s</strong> asks to:</p>
      <ul>%s</ul>
      <form method="post" action="/oauth/authorize">
      <input type="hidden" name="request" value="%s">
      <fieldset>
      <legend>Who are you?</legend>
      %s
      </fieldset>
      <div class="choice">
      <button name="decision" value="allow">Allow</button>
      <button name="decision" value="deny">Deny</button>
      </div>
      </form>
      """;

  private static final String ACCOUNT =
      """
      <label><input type="radio" name="account" value="%s"%s> <span>%s<small>%s</small></span></label>
      """;

  private ConsentPage() {}

  /**
   * Neither script nor frame, no style but ours. There is no {@code form-action}: browsers hold it
   * against the redirects after a form too, and the last of them is not known here.
   */
  public static String contentSecurityPolicy() {
    return "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; frame-ancestors 'none'"
        .formatted(Base64.getEncoder().encodeToString(sha256(STYLE)));
  }

  /**
   * @param name of the question, as {@link Codes#ask} gave it
   */
  public static String question(AuthorizeRequest request, String name) {
    String wanted =
        Scopes.parts(request.scope()).stream()
            .map(scope -> "<li>" + escaped(Scopes.IN_WORDS.getOrDefault(scope, scope)) + "</li>")
            .collect(Collectors.joining());
    return page(
        "Allow access – Sample helpdesk",
        QUESTION.formatted(
            escaped(request.clientId()), wanted, escaped(name), accounts(request.hint())));
  }

  private static String accounts(String hint) {
    List<Account> all = Account.ALL;
    Account chosen = Account.of(hint).orElse(all.getFirst());
    return all.stream()
        .map(account ->
            ACCOUNT.formatted(
                escaped(account.id()),
                account.equals(chosen) ? " checked" : "",
                escaped(account.name()),
                escaped(account.email())))
        .collect(Collectors.joining());
  }

  /** What the person in front of the browser is told when nobody can be redirected. */
  public static String refusal(OAuthError refused) {
    return page(
        "Not possible – Sample helpdesk",
        "<h1>This cannot be allowed</h1><p role=\"alert\">%s</p><p>Close this window and begin again.</p>"
            .formatted(escaped(refused.description())));
  }

  private static String page(String title, String content) {
    return PAGE.formatted(escaped(title), STYLE, content);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
