package dev.serai.record;

/**
 * A JSON text that is made part by part, so that the whole of it is never in memory. Holds no
 * database connection between two parts, however long its reader takes. One thread at a time.
 */
public interface JsonParts {
  /**
   * Appends the next part, of about a megabyte at most.
   *
   * @return true if there is more
   */
  boolean next(JsonBuffer out);
}
