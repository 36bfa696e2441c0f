package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.connect.Attempt;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The page that a popup ends at. It tells whoever opened it what became of the flow; the message
 * goes to any origin, as the contract has it, and therefore carries nothing that is secret: the id
 * of the WebSocket that waits, by which a page knows its own flow among several, is good for no
 * other flow any more. Its one script is let in by a nonce.
 */
final class ResultPage {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Title and text of success, of an installation that waits, and of failure. */
  private record Words(
      String done, String close, String waiting, String approval, String failed, String retry) {}

  private static final Words ENGLISH =
      new Words(
          "Connected",
          "You can close this window.",
          "Almost done",
          "Somebody at your organisation still has to approve this. Connect again when that is done.",
          "The connection was not made",
          "Close this window and try again.");

  private static final Map<String, Words> WORDS =
      Map.of(
          "en",
          ENGLISH,
          "de",
          new Words(
              "Verbunden",
              "Sie können dieses Fenster schließen.",
              "Fast fertig",
              "Jemand in Ihrer Organisation muss das noch genehmigen. Verbinden Sie danach noch einmal.",
              "Die Verbindung kam nicht zustande",
              "Schließen Sie dieses Fenster und versuchen Sie es noch einmal."),
          "fr",
          new Words(
              "Connecté",
              "Vous pouvez fermer cette fenêtre.",
              "Presque terminé",
              "Une personne de votre organisation doit encore approuver. Reconnectez-vous ensuite.",
              "La connexion n’a pas abouti",
              "Fermez cette fenêtre et réessayez."),
          "es",
          new Words(
              "Conectado",
              "Puede cerrar esta ventana.",
              "Casi listo",
              "Alguien de su organización todavía tiene que aprobarlo. Conecte de nuevo después.",
              "No se pudo conectar",
              "Cierre esta ventana e inténtelo de nuevo."));

  private ResultPage() {}

  static WebReply success(ApiRequest request, Attempt attempt, @Nullable UUID socket) {
    return page(request, End.DONE, succeeded(attempt, socket, false), "");
  }

  /** Nothing is connected yet: somebody else has to approve. Stays open, so that it can be read. */
  static WebReply pending(ApiRequest request, Attempt attempt, @Nullable UUID socket) {
    return page(request, End.WAITING, succeeded(attempt, socket, true), "");
  }

  private static ObjectNode succeeded(Attempt attempt, @Nullable UUID socket, boolean pending) {
    ObjectNode message = message("nango_oauth_callback_success", socket);
    message
        .withObject("payload")
        .put("providerConfigKey", attempt.key())
        .put("connectionId", attempt.connectionId())
        .put("isPending", pending);
    return message;
  }

  private static ObjectNode message(String type, @Nullable UUID socket) {
    ObjectNode message = Json.object().put("type", type);
    if (socket != null) {
      message.putObject("payload").put("wsClientId", socket.toString());
    }
    return message;
  }

  private enum End {
    DONE,
    WAITING,
    FAILED;

    private String title(Words words) {
      return switch (this) {
        case DONE -> words.done();
        case WAITING -> words.waiting();
        case FAILED -> words.failed();
      };
    }

    private String text(Words words) {
      return switch (this) {
        case DONE -> words.close();
        case WAITING -> words.approval();
        case FAILED -> words.retry();
      };
    }
  }

  /**
   * @param socket who waits for this flow; null: nobody, or it is not known whose flow it was
   * @param why in the provider's own words where it gave any
   */
  static WebReply failure(ApiRequest request, @Nullable UUID socket, String type, String why) {
    ObjectNode message = message("nango_oauth_callback_error", socket);
    message.withObject("payload").put("message", why).put("errorType", type);
    return page(request, End.FAILED, message, why);
  }

  private static WebReply page(ApiRequest request, End end, ObjectNode message, String why) {
    String language = language(request.header("Accept-Language"));
    Words words = Objects.requireNonNullElse(WORDS.get(language), ENGLISH);
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String nonce = Base64.getEncoder().encodeToString(random);
    String html =
        """
        <!doctype html>
        <html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>%s</title><style nonce="%s">
        :root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:15vh auto;max-width:28rem;padding:0 1rem;text-align:center}
        p{overflow-wrap:anywhere}</style></head>
        <body><main><h1>%s</h1>%s<p>%s</p></main>
        <script nonce="%s">
        (function () {
          var message = %s, done = %s;
          addEventListener('message', function (event) {
            if (event.data && event.data.type === 'nango_oauth_callback_ack') close();
          });
          try { if (opener) opener.postMessage(message, '*'); } catch (e) {}
          try { new BroadcastChannel('nango-oauth-callback').postMessage(message); } catch (e) {}
          if (done) setTimeout(close, 500);
        })();
        </script></body></html>
        """
            .formatted(
                language,
                end.title(words),
                nonce,
                end.title(words),
                end == End.FAILED ? "<p role=\"alert\">" + escaped(why) + "</p>" : "",
                end.text(words),
                nonce,
                // Inside a script only these could end it or begin a comment.
                Json.write(message)
                    .replace("<", "\\u003c")
                    .replace("\u2028", "\\u2028")
                    .replace("\u2029", "\\u2029"),
                end == End.DONE);
    return WebReply.html(end == End.FAILED ? 400 : 200, html)
        .with(
            "Content-Security-Policy",
            ("default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'")
                .formatted(nonce, nonce));
  }

  private static String language(Optional<String> accepted) {
    for (String part : accepted.orElse("").split(",")) {
      String tag = part.strip().toLowerCase(Locale.ROOT).split("[-;]", 2)[0];
      if (List.of("en", "de", "fr", "es").contains(tag)) {
        return tag;
      }
    }
    return "en";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
