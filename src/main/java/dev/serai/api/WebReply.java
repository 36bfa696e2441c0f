package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import java.nio.charset.StandardCharsets;

/**
 * An answer to a browser or a provider.
 *
 * @param headers in place of the usual careful ones where the names are equal: see {@link Web}
 */
public record WebReply(int status, String contentType, Headers headers, byte[] body) {
  public static WebReply html(int status, String page) {
    return of(status, "text/html; charset=utf-8", page);
  }

  public static WebReply text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text);
  }

  public static WebReply json(int status, JsonNode json) {
    return new WebReply(
        status,
        "application/json",
        Headers.NONE,
        Json.write(json).getBytes(StandardCharsets.UTF_8));
  }

  /** An error in the shape of the API's: {@code {"error": {"code", "message"}}}. */
  public static WebReply error(int status, String code, String message) {
    var envelope = Json.object();
    envelope.putObject("error").put("code", code).put("message", message);
    return json(status, envelope);
  }

  /** 302: the browser goes there. */
  public static WebReply redirect(String address) {
    return text(302, "").with("Location", address);
  }

  public static WebReply empty(int status) {
    return text(status, "");
  }

  private static WebReply of(int status, String contentType, String text) {
    return new WebReply(status, contentType, Headers.NONE, text.getBytes(StandardCharsets.UTF_8));
  }

  public WebReply with(String name, String value) {
    return new WebReply(status, contentType, headers.with(name, value), body);
  }

  /** A further line of a header that may come twice, such as {@code Set-Cookie}. */
  public WebReply adding(String name, String value) {
    var lines = new java.util.ArrayList<>(headers.lines());
    lines.add(new Headers.Line(name, value));
    return new WebReply(status, contentType, new Headers(lines), body);
  }
}
