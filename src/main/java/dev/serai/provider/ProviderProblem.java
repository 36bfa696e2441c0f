package dev.serai.provider;

import java.nio.file.Path;

/**
 * Something wrong in a provider's folder, told so that it can be put right.
 *
 * @param line 1 for the first; 0 when the file as a whole is meant
 * @param message what is wrong
 * @param remedy what to do about it
 */
public record ProviderProblem(Path file, int line, String message, String remedy) {
  /** One line for a terminal: {@code providers/x/provider.yaml:12: … → …}. */
  public String text() {
    return file + (line > 0 ? ":" + line : "") + ": " + message + " → " + remedy;
  }
}
