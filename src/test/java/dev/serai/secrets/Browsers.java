package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.app.Popup;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Customers' browsers at a world of canaries: what they are shown is kept as a place. */
final class Browsers {
  private final CanaryWorld world;
  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();

  /** Drawn by Serai, so known only afterwards. */
  final List<String> late = new CopyOnWriteArrayList<>();

  Browsers(CanaryWorld world) {
    this.world = world;
  }

  /** A browser on its way, with the address of the provider's page that it was sent to. */
  record Way(Popup popup, String consent) {
    String state() {
      return consent.replaceAll(".*[?&]state=([^&]+).*", "$1");
    }
  }

  Way begin(String key, String more) throws Exception {
    // Where the integration's app proves itself is for the backend to say.
    String settled =
        ",\"integrations_config_defaults\":{\"sample\":{\"connection_config\":{\"url\":\"%s\"}}}"
            .formatted(world.helpdesk.uri());
    String session = world.session(key.equals("sample") ? settled : "");
    late.add(session);
    Popup popup = new Popup(world.url());
    String query =
        "connect_session_token=%s&params%%5Burl%%5D=%s%s"
            .formatted(session, world.helpdesk.uri(), more);
    Way way = new Way(popup, popup.begin(key, query));
    late.add(way.state());
    late.addAll(popup.cookies.values());
    assertThat(CanaryWorld.canary().in(way.consent())).isEmpty();
    return way;
  }

  void page(String name, Way way, String account, int status) throws Exception {
    String decision = account.isEmpty() ? "deny" : "allow";
    String callback = Popup.decide(way.consent(), account.isEmpty() ? "bob" : account, decision);
    kept(name, way.popup().get(callback), status);
  }

  /** A result page; its cookie is the browser's own. */
  void kept(String name, HttpResponse<String> page, int status) {
    assertThat(page.statusCode()).as("%s: %s", name, page.body()).isEqualTo(status);
    world.answers.put(name, page.headers().map().toString() + page.body());
    String cookies = page.headers().allValues("Set-Cookie").toString();
    world.answers.compute(name, (key, text) -> text.replace(cookies, ""));
  }

  WebSocket listen() {
    frames.clear();
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create(world.url().replace("http", "ws") + "/"), new Listening())
        .join();
  }

  String waiting() throws Exception {
    JsonNode ack = frames.poll(10, TimeUnit.SECONDS);
    return "&ws_client_id=" + ack.path("ws_client_id").asText();
  }

  void frame(String name, String type) throws Exception {
    JsonNode frame = frames.poll(10, TimeUnit.SECONDS);
    assertThat(frame.path("message_type").asText()).isEqualTo(type);
    world.answers.put(name, frame.toString());
  }

  private final class Listening implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      frames.add(Json.parse(text.toString()));
      socket.request(1);
      return null;
    }
  }
}
