package dev.serai.app;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.nio.file.Path;
import java.text.ParseException;

/**
 * {@code key-desk}, whose key is an id and a secret and which has its own words for what it does
 * not take; and {@code far-desk}, at an address that nobody may call.
 */
final class KeyDesk implements AutoCloseable {
  /** The pattern is one that browsers do not read: the server has to find what is wrong. */
  private static final String KEY =
      """
      auth:
        type: jwt
        algorithm: HS256
        fields:
          privateKey.id: {title: Key ID, description: Before the colon, secret: false, pattern: '\\p{Alnum}+'}
          privateKey.secret: {title: Secret, description: After the colon}
        key: ${credentials.privateKey.secret}
        key_id: ${credentials.privateKey.id}
        claims: {aud: desk}
        lifetime: 5m
      """;

  final FakeProvider http = new FakeProvider();

  KeyDesk(Path folder) {
    http.answering(KeyDesk::answer);
    Desks.write(folder, http.url(), "key-desk", KEY);
    Desks.write(folder, "http://10.255.255.1:81", "far-desk", "auth: {type: api_key, name: X-Key}");
  }

  private static Answer answer(Request request) {
    return switch (keyId(request)) {
      case "good" -> Answer.json("{\"id\":\"acc-1\"}");
      case "expired" -> Answer.json(403, "{\"message\":\"Your trial has expired\"}");
      case "echo" ->
          Answer.json(401, "{\"error\":\"No such secret: 0123456789abcdef0123456789abcdef\"}");
      default -> Answer.status(401);
    };
  }

  private static String keyId(Request request) {
    try {
      String token = request.headers().getOrDefault("authorization", "").replace("Bearer ", "");
      JWSHeader header = SignedJWT.parse(token).getHeader();
      return String.valueOf(header.getKeyID());
    } catch (ParseException e) {
      return "";
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
