package dev.serai.api;

import dev.serai.http.Headers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The Connect page as a browser gets it: {@code /connect}, its modules and styles under {@code
 * /connect/assets/<version>/}, and {@code /sdk/serai.js}. Static, the same for everybody: whoever
 * opens it proves with a session token that he may do something. Thread-safe.
 */
public final class ConnectFiles {
  static final String PAGE = "connect.html";
  static final String MODULE = "serai.js";

  private static final WebFiles FILES =
      new WebFiles(
          List.of(
              "connect/connect.css",
              "connect/connect.html",
              "connect/connecting.js",
              "connect/de.js",
              "connect/dom.js",
              "connect/en.js",
              "connect/es.js",
              "connect/form.js",
              "connect/fr.js",
              "connect/host.js",
              "connect/preview.js",
              "connect/screens.js",
              "connect/start.js",
              "connect/texts.js",
              "connect/theme.js",
              "connect/troubles.js",
              "connect/ways.js",
              "sdk/serai.js"));

  /**
   * Scripts and styles from here only, none inline; calls to here only, so that a session token
   * cannot be carried off. Our WebSocket is named, because older browsers do not count it as
   * 'self'.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self' %s; base-uri 'none'; form-action 'none';"
          + " require-trusted-types-for 'script'; frame-ancestors %s";

  private static final String FOREVER = "public, max-age=31536000, immutable";
  private static final String ASK_AGAIN = "no-cache";

  private ConnectFiles() {}

  /**
   * @param frameAncestors who may show the page in a frame, in the words of Content-Security-Policy
   * @param own where browsers reach Serai
   */
  public static List<WebPage> pages(String frameAncestors, URI own) {
    return List.of(new Page(frameAncestors, own), new Assets(), new SdkModule());
  }

  /** {@code web:connectPage}. */
  private record Page(byte[] html, String policy) implements WebPage {
    Page(String frameAncestors, URI own) {
      this(versioned(), POLICY.formatted(socket(own), frameAncestors));
    }

    private static String socket(URI own) {
      return (own.getScheme().equals("https") ? "wss://" : "ws://") + own.getRawAuthority();
    }

    private static byte[] versioned() {
      return new String(file(PAGE), StandardCharsets.UTF_8)
          .replace("@version@", FILES.version())
          .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String operation() {
      return "connectPage";
    }

    /** Not remembered without asking: the address may hold a session token. */
    @Override
    public WebReply answer(ApiRequest request) {
      return kept(request, PAGE, html, ASK_AGAIN).with("Content-Security-Policy", policy);
    }
  }

  /** {@code web:connectAsset}: the address names the version, so it never has to be asked again. */
  private record Assets() implements WebPage {
    @Override
    public String operation() {
      return "connectAsset";
    }

    /** While nodes of two versions run, either serves its own file; it is just not remembered. */
    @Override
    public WebReply answer(ApiRequest request) {
      String name = request.pathParameter("file");
      boolean ours = request.pathParameter("version").equals(FILES.version());
      return FILES
          .find(name)
          .filter(found -> !name.equals(PAGE))
          .map(found -> kept(request, name, found, ours ? FOREVER : "no-store"))
          .orElseThrow(() -> ApiError.notFound("There is no such file"));
    }
  }

  /** {@code web:seraiModule}: any site may import it. */
  private record SdkModule() implements WebPage {
    @Override
    public String operation() {
      return "seraiModule";
    }

    @Override
    public WebReply answer(ApiRequest request) {
      return kept(request, MODULE, file(MODULE), ASK_AGAIN)
          .with("Access-Control-Allow-Origin", "*")
          .with("Cross-Origin-Resource-Policy", "cross-origin");
    }
  }

  private static byte[] file(String name) {
    return FILES.find(name).orElseThrow();
  }

  private static WebReply kept(ApiRequest request, String name, byte[] file, String caching) {
    String tag = "\"" + FILES.version() + "\"";
    boolean known = request.header("If-None-Match").filter(tags -> tags.contains(tag)).isPresent();
    WebReply reply =
        known ? WebReply.empty(304) : new WebReply(200, WebFiles.type(name), Headers.NONE, file);
    return reply.with("ETag", tag).with("Cache-Control", caching);
  }
}
