package dev.serai.record;

import java.sql.SQLException;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads rows by binary COPY: payloads arrive as the bytes that are served, numbers and stamps as
 * eight bytes each, and rows are handed on while the server still makes the next ones.
 */
final class CopyOutput {
  /** Signature, flags, length of the extension: before the first row, in its message. */
  private static final int HEADER = 19;

  private CopyOutput() {}

  /**
   * @param query holds no text of a caller's, since COPY takes no parameters
   */
  static void read(Handle handle, String query, int columns, Consumer<CopyRow> rows) {
    try {
      CopyOut copy =
          handle
              .getConnection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("copy (" + query + ") to stdout (format binary)");
      try {
        CopyRow row = new CopyRow(columns);
        byte[] message = copy.readFromCopy();
        for (int offset = HEADER; message != null && row.read(message, offset); offset = 0) {
          rows.accept(row);
          message = copy.readFromCopy();
        }
      } finally {
        drain(copy);
      }
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("cannot read records", e, null);
    }
  }

  /** A cancel could reach the connection's next statement; a query's rest is a megabyte at most. */
  private static void drain(CopyOut copy) throws SQLException {
    while (copy.isActive()) {
      if (copy.readFromCopy() == null) {
        return;
      }
    }
  }
}
