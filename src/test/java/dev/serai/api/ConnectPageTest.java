package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser is given when it opens the Connect page, over the real routes. */
class ConnectPageTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Pattern ASSET = Pattern.compile("/connect/assets/[0-9a-f]{20}/[a-z.]+");

  private static PageServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new PageServer("https://app.example.com");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/connect", "/connect/", "/connect/?apiURL=x", "/connect?session_token=abc"})
  void the_page_is_at_its_path_however_the_sdk_writes_it(String path) throws Exception {
    HttpResponse<String> page = get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.body()).startsWith("<!doctype html>").doesNotContain("@version@", "abc");
  }

  @Test
  void nothing_inline_may_run_and_nothing_may_be_called_elsewhere() throws Exception {
    HttpResponse<String> page = get("/connect");

    assertThat(header(page, "Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains(
            "connect-src 'self' wss://serai.example.com:8443;",
            "img-src 'self' data:;",
            "form-action 'none';")
        .contains("base-uri 'none';", "require-trusted-types-for 'script';")
        .endsWith("frame-ancestors https://app.example.com")
        .doesNotContain("unsafe");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.headers().firstValue("X-Frame-Options")).isEmpty();
    assertThat(page.body())
        .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)");
  }

  @Test
  void a_refusal_costs_its_address_as_much_as_ten_pages() throws Exception {
    long before = left(get("/connect"));
    long afterAPage = left(get("/connect"));
    long afterARefusal = left(get("/connect/assets/0/nothing.js"));

    assertThat(before - afterAPage).isEqualTo(1);
    assertThat(afterAPage - afterARefusal).isEqualTo(10);
  }

  private static long left(HttpResponse<String> page) {
    assertThat(header(page, "X-RateLimit-Limit"))
        .isEqualTo(Integer.toString(PageServer.REQUESTS_A_MINUTE));
    return Long.parseLong(header(page, "X-RateLimit-Remaining"));
  }

  @Test
  void what_the_page_refers_to_is_served_and_remembered_for_good() throws Exception {
    Matcher assets = ASSET.matcher(get("/connect").body());
    int found = 0;
    while (assets.find()) {
      HttpResponse<String> asset = get(assets.group());

      assertThat(asset.statusCode()).as(assets.group()).isEqualTo(200);
      assertThat(header(asset, "Content-Type"))
          .isEqualTo(
              assets.group().endsWith(".css")
                  ? "text/css; charset=utf-8"
                  : "text/javascript; charset=utf-8");
      assertThat(header(asset, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
      found++;
    }
    assertThat(found).isEqualTo(2);
  }

  @Test
  void every_file_of_the_folder_is_served_and_every_import_is_one_of_them() throws Exception {
    String base = base();
    try (var files = Files.list(Path.of("src/main/resources/web/connect"))) {
      for (Path file : files.filter(f -> !f.endsWith(ConnectFiles.PAGE)).toList()) {
        HttpResponse<String> served = get(base + file.getFileName());

        assertThat(served.statusCode()).as(file.toString()).isEqualTo(200);
        assertThat(served.body()).isEqualTo(Files.readString(file));
        Matcher imports = Pattern.compile("from '\\./([^']+)'").matcher(served.body());
        while (imports.find()) {
          assertThat(get(base + imports.group(1)).statusCode()).as(imports.group()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void a_page_or_module_that_is_known_already_is_not_sent_again() throws Exception {
    for (String path : new String[] {"/connect", "/sdk/serai.js"}) {
      String tag = header(get(path), "ETag");

      HttpResponse<String> again = get(path, "If-None-Match", tag);

      assertThat(again.statusCode()).as(path).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(header(again, "Cache-Control")).isEqualTo("no-cache");
      assertThat(get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_file_under_the_version_of_another_node_is_served_and_not_remembered() throws Exception {
    HttpResponse<String> asset = get("/connect/assets/0123/connect.css");

    assertThat(asset.statusCode()).isEqualTo(200);
    assertThat(header(asset, "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void any_site_may_import_the_module() throws Exception {
    HttpResponse<String> module = get("/sdk/serai.js");

    assertThat(header(module, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(module, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(module, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
    assertThat(module.body()).contains("export class Serai ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect.html",
        "..%2Fsdk%2Fserai.js",
        "..%2f..%2fdb%2fmigration%2fV1__spine.sql",
        "%2e%2e%2fconnect.html",
        "%252e%252e%252fconnect.html",
        "..",
        "../../../models/Ticket.json",
        "/etc/passwd",
        "connect.css%00.js",
        "connect.css/",
        "CONNECT.CSS",
        "logback.xml",
        "..\\connect.css"
      })
  void no_name_leads_out_of_the_map(String name) throws Exception {
    String answer = raw(base() + name);

    if (name.equals("connect.css/")) {
      assertThat(answer).startsWith("HTTP/1.1 200").contains("text/css");
    } else {
      assertThat(answer)
          .doesNotStartWith("HTTP/1.1 2")
          .doesNotContain("<!doctype", "root:", "$schema");
    }
  }

  private static String base() throws Exception {
    Matcher asset = ASSET.matcher(get("/connect").body());
    assertThat(asset.find()).isTrue();
    return asset.group().substring(0, asset.group().lastIndexOf('/') + 1);
  }

  /** Past the client, which would tidy the path up. */
  private static String raw(String path) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
