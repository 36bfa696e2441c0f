package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.app.Serai;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A whole Serai with the sample helpdesk, and the programs that guide and tests run against it. */
final class SdkWorld implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final DatabaseAddress database = TestServer.shared().freshDatabase();
  private final Serai serai;
  final Simulator helpdesk;
  final String url;
  final String backend = freePort();

  SdkWorld(Path data) throws IOException {
    String port = freePort();
    helpdesk = Simulator.start(Simulator.Options.TESTS);
    url = "http://127.0.0.1:" + port;
    serai =
        new Serai(
            new TestSettings(data)
                .with(database)
                .with("SERAI_PORT", port)
                .with("SERAI_WEBHOOK_URL", "http://127.0.0.1:" + backend + "/hooks")
                .with(
                    "SERAI_OUTGOING_ALLOW",
                    "127.0.0.1:" + helpdesk.uri().getPort() + ",127.0.0.1:" + backend)
                .read(Path.of("").toAbsolutePath()));
    serai.start();
  }

  /** What the programs are told. */
  Map<String, String> environment() {
    return Map.of(
        "SERAI_URL",
        url,
        "SERAI_KEY",
        TestSettings.DEV_KEY,
        "HELPDESK_URL",
        helpdesk.uri().toString(),
        "HELPDESK_KEY",
        "sample-key",
        "WEBHOOK_PORT",
        backend);
  }

  /** The module as Serai serves it, beside the programs that import it. */
  void download(Path folder) throws Exception {
    Files.writeString(folder.resolve("serai.js"), get(url + "/sdk/serai.js").body());
    Files.writeString(folder.resolve("package.json"), "{\"type\":\"module\"}");
  }

  static HttpResponse<String> get(String address) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The group of the first place in what was printed that looks so. */
  static String first(String pattern, String printed) {
    Matcher line = Pattern.compile(pattern).matcher(printed);
    assertThat(line.find()).as(pattern + " in " + printed).isTrue();
    return line.group(1);
  }

  /** Posts as somebody does who does not know the signing key. */
  int forged(String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend + "/hooks"))
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", Long.toString(System.currentTimeMillis() / 1000))
            .header("webhook-signature", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            .header("x-nango-hmac-sha256", "0".repeat(64))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  /**
   * Writes a program of all blocks of the guide that are marked so, in their order, and what a test
   * does with them.
   */
  static void program(String mark, Path into, String test) throws IOException {
    String guide = Files.readString(Path.of("docs/connect.md"));
    List<String> blocks =
        Pattern.compile("^```js " + mark + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(guide)
            .results()
            .map(block -> block.group(1))
            .toList();
    if (blocks.isEmpty()) {
      throw new AssertionError("docs/connect.md has no block marked " + mark);
    }
    Files.writeString(
        into,
        blocks.stream().collect(Collectors.joining("\n"))
            + "\n"
            + Files.readString(Path.of("src/test/sdk").resolve(test)));
  }

  @Override
  public void close() {
    serai.close();
    helpdesk.close();
    TestServer.shared().drop(database);
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
