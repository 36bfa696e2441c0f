package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.provider.WebhookSpec.Place;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A delivery as it came in. For one thread: the body is parsed once. */
public final class Arrival {
  /** A tree is many times as large as its text: a stranger gets none of a larger one. */
  private static final int MOST_FOR_STRANGERS = 1 << 20;

  private final String method;
  private final String url;
  private final Headers headers;
  private final byte[] body;
  private @Nullable JsonNode json;
  private boolean believed;

  /**
   * @param url the whole address that the provider was given, with the query as it came
   * @param body the raw bytes, which is what providers sign
   */
  public Arrival(String method, String url, Headers headers, byte[] body) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
  }

  String method() {
    return method;
  }

  String url() {
    return url;
  }

  Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  /** The query as it came; empty if there is none. */
  String query() {
    int mark = url.indexOf('?');
    return mark < 0 ? "" : url.substring(mark + 1);
  }

  /** The address without this parameter of its query. */
  String urlWithout(String parameter) {
    int mark = url.indexOf('?');
    return mark < 0
        ? url
        : url.substring(0, mark + 1)
            + Arrays.stream(query().split("&", -1))
                .filter(pair -> !name(pair).equals(parameter))
                .collect(Collectors.joining("&"));
  }

  /** It was proven who sent it: from now on its body is read, however large it is. */
  Arrival believe() {
    believed = true;
    return this;
  }

  /**
   * The body as a tree: JSON, the fields of a form, text, or missing. A large one is missing until
   * it is believed.
   */
  JsonNode json() {
    if (!believed && body.length > MOST_FOR_STRANGERS) {
      return MissingNode.getInstance();
    }
    JsonNode parsed = json;
    if (parsed == null) {
      parsed = parse();
      json = parsed;
    }
    return parsed;
  }

  private JsonNode parse() {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    String type = headers.first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    String text = new String(body, StandardCharsets.UTF_8);
    if (type.startsWith("application/x-www-form-urlencoded")) {
      var form = Json.object();
      for (String pair : text.split("&", -1)) {
        form.put(name(pair), value(pair));
      }
      return form;
    }
    try {
      return Json.parse(body);
    } catch (IOException e) {
      return TextNode.valueOf(text);
    }
  }

  /** The text at this place; empty if nothing is there. */
  Optional<String> text(Place place) {
    return text(place, json());
  }

  /**
   * As {@link #text(Place)}, with paths looked up in one event of the body.
   *
   * @throws com.schibsted.spt.data.jslt.JsltException if a path cannot be followed on it
   */
  Optional<String> text(Place place, JsonNode event) {
    return switch (place) {
      case Place.Header header -> headers.first(header.name());
      case Place.Query query -> query(query.name());
      case Place.Path path -> {
        JsonNode found = path.path().apply(event);
        yield found.isValueNode() && !found.isNull()
            ? Optional.of(found.asText())
            : Optional.empty();
      }
    };
  }

  /** A parameter of the query. */
  Optional<String> query(String name) {
    for (String pair : query().split("&", -1)) {
      if (name(pair).equals(name)) {
        return Optional.of(value(pair));
      }
    }
    return Optional.empty();
  }

  private static String name(String pair) {
    int sign = pair.indexOf('=');
    return decoded(sign < 0 ? pair : pair.substring(0, sign));
  }

  private static String value(String pair) {
    int sign = pair.indexOf('=');
    return sign < 0 ? "" : decoded(pair.substring(sign + 1));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a stray %: as it stands
    }
  }
}
