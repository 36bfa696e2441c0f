package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.http.HttpAnswer;
import java.util.Arrays;

/**
 * The provider answered, and said no. Status, content type and the beginning of the body are kept
 * for whoever relays them to the caller; the message shows none of the body.
 */
public final class ProviderRefusal extends SeraiException {
  private static final long serialVersionUID = 1L;
  private static final int KEPT = 64 * 1024;

  private final int status;
  private final String contentType;
  private final byte[] body;

  public ProviderRefusal(Connection connection, String step, HttpAnswer answer) {
    super(
        "script_http_error",
        Origin.PROVIDER,
        "%s answered %d to %s (%s)"
            .formatted(connection.provider(), answer.status(), step, connection.label()));
    this.status = answer.status();
    this.contentType = answer.headers().first("content-type").orElse("");
    this.body = Arrays.copyOf(answer.body(), Math.min(answer.body().length, KEPT));
  }

  public int status() {
    return status;
  }

  /** Empty when the provider named none. */
  public String contentType() {
    return contentType;
  }

  /** At most 64 KB of it. */
  public byte[] body() {
    return body.clone();
  }
}
