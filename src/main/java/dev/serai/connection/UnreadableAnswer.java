package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** The provider said yes in something that is not JSON. */
public final class UnreadableAnswer extends SeraiException {
  private static final long serialVersionUID = 1L;

  public UnreadableAnswer(Connection connection, String step, int status) {
    super(
        "invalid_json",
        Origin.PROVIDER,
        "%s answered %d to %s with what is not JSON (%s)"
            .formatted(connection.provider(), status, step, connection.label()));
  }
}
