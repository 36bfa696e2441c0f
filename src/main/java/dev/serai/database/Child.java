package dev.serai.database;

import java.util.List;

/**
 * The processes that belong to the embedded server. They get our environment without our settings:
 * the master key and passwords among them are nothing to a server, nor to whoever reads what its
 * processes were started with.
 */
final class Child {
  private static final String OURS = "SERAI_";

  private Child() {}

  static ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith(OURS));
    return builder;
  }
}
