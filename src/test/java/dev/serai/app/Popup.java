package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser of its own: it keeps cookies, and follows nothing but to Serai's own address. */
public final class Popup {
  private static final Pattern QUESTION = Pattern.compile("name=\"request\" value=\"([^\"]+)\"");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public final Map<String, String> cookies = new LinkedHashMap<>();
  private final String serai;

  public Popup(String serai) {
    this.serai = serai;
  }

  public HttpResponse<String> get(String url) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).GET();
    if (!cookies.isEmpty() && url.startsWith(serai)) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    HttpResponse<String> answer =
        kept(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    Optional<String> own =
        answer.headers().firstValue("Location").filter(to -> to.endsWith("at_own_address=1"));
    // A Serai with a public address is reached by another one in tests: the same, as far as it can.
    return own.isPresent() && url.startsWith(serai)
        ? get(serai + own.get().replaceFirst("^[^/]+//[^/]+", ""))
        : answer;
  }

  private HttpResponse<String> kept(HttpResponse<String> answer) {
    for (String line : answer.headers().allValues("Set-Cookie")) {
      String[] pair = line.split(";", 2)[0].split("=", 2);
      if (pair[1].isEmpty()) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
    return answer;
  }

  public static String location(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new AssertionError(answer.statusCode() + " " + answer.body()));
  }

  /** Goes to the provider as the page would: answers its address. */
  public String begin(String key, String query) throws Exception {
    return location(get(serai + "/oauth/connect/" + key + "?" + query));
  }

  /** Decides at the provider: answers the callback that the browser is sent to. */
  public static String decide(String consent, String account, String decision) throws Exception {
    HttpResponse<String> page =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(consent)).GET().build(),
            HttpResponse.BodyHandlers.ofString());
    Matcher question = QUESTION.matcher(page.body());
    if (!question.find()) {
      throw new AssertionError("no question on this page: " + page.body());
    }
    String form =
        Map.of("request", question.group(1), "account", account, "decision", decision)
            .entrySet()
            .stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest decided =
        HttpRequest.newBuilder(URI.create(consent.substring(0, consent.indexOf("?"))))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return location(HTTP.send(decided, HttpResponse.BodyHandlers.ofString()));
  }

  /** The whole way of a customer who says yes. */
  public HttpResponse<String> connect(String key, String query, String account) throws Exception {
    return get(decide(begin(key, query), account, "allow"));
  }

  /** The message that the result page sends to whoever opened it. */
  public static JsonNode message(HttpResponse<String> page) {
    Matcher message = Pattern.compile("var message = (\\{.*}), done").matcher(page.body());
    if (!message.find()) {
      throw new AssertionError("no result page: " + page.body());
    }
    return Json.parse(message.group(1));
  }

  public static String errorType(HttpResponse<String> page) {
    return message(page).at("/payload/errorType").asText();
  }
}
