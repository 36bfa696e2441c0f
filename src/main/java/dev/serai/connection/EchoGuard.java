package dev.serai.connection;

import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.OutgoingUri;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes the credentials of a call out of its answer, before anybody can store, relay or log it:
 * some providers repeat a key in what they complain about, or among a user's own fields.
 */
final class EchoGuard {
  /** A shorter one may be a word of the data, which must stay what the provider says. */
  private static final int SHORTEST_KEY = 16;

  private static final int SHORTEST_IN_A_REFUSAL = 6;
  private static final String MARK = "[redacted]";

  private EchoGuard() {}

  static HttpAnswer without(Grant grant, HttpAnswer answer) {
    return without(grant, List.of(), answer);
  }

  /**
   * @param derived what the request carried that was made of the grant
   */
  static HttpAnswer without(Grant grant, List<String> derived, HttpAnswer answer) {
    HttpAnswer clean = answer;
    for (String secret : secrets(grant, derived)) {
      if (secret.length() >= (answer.ok() ? SHORTEST_KEY : SHORTEST_IN_A_REFUSAL)) {
        clean =
            new HttpAnswer(
                clean.status(), clean(clean.headers(), secret), clean(clean.body(), secret));
      }
    }
    return clean;
  }

  /** Also as they stand in a URL; the longest first, since one may hold another. */
  private static List<String> secrets(Grant grant, List<String> derived) {
    List<String> plain = new ArrayList<>(derived);
    plain.addAll(grant.secrets());
    if (grant.credentials() instanceof Credentials.Basic basic) {
      plain.add(pair(basic));
    }
    return plain.stream()
        .flatMap(secret -> Stream.of(secret, OutgoingUri.encode(secret)))
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  private static String pair(Credentials.Basic basic) {
    String pair = basic.username() + ":" + basic.password();
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static Headers clean(Headers headers, String secret) {
    return new Headers(
        headers.lines().stream()
            .map(line -> new Headers.Line(line.name(), line.value().replace(secret, MARK)))
            .toList());
  }

  private static byte[] clean(byte[] body, String secret) {
    byte[] wanted = secret.getBytes(StandardCharsets.UTF_8);
    int at = find(body, wanted, 0);
    if (at < 0) {
      return body;
    }
    byte[] mark = MARK.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
    int from = 0;
    for (; at >= 0; at = find(body, wanted, from)) {
      out.write(body, from, at - from);
      out.write(mark, 0, mark.length);
      from = at + wanted.length;
    }
    out.write(body, from, body.length - from);
    return out.toByteArray();
  }

  private static int find(byte[] body, byte[] wanted, int from) {
    int last = body.length - wanted.length;
    for (int i = from; i <= last; i++) {
      if (body[i] == wanted[0]
          && java.util.Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
