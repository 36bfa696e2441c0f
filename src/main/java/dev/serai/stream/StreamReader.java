package dev.serai.stream;

/**
 * An API as an iterator of pages. Reads one page at a time; holds no state that a crash could lose:
 * everything needed to go on is in the position of the last page. One thread at a time.
 */
public interface StreamReader {
  /**
   * Fetches and decodes the next batch (from memory if the last answer held more than one).
   *
   * @throws StreamException classed by the stream's error rules
   */
  StreamPage next();
}
