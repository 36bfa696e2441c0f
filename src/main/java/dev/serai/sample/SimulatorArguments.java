package dev.serai.sample;

import java.time.Duration;

/** Reads the command line of a simulator that runs as its own process. */
final class SimulatorArguments {
  private SimulatorArguments() {}

  /**
   * @throws IllegalArgumentException naming the argument that is wrong
   */
  static Simulator.Options parse(String[] arguments) {
    Simulator.Options o = Simulator.Options.TESTS;
    if (arguments.length % 2 != 0) {
      throw new IllegalArgumentException(
          "each option needs a value: " + arguments[arguments.length - 1]);
    }
    for (int i = 0; i < arguments.length; i += 2) {
      o = with(o, arguments[i], arguments[i + 1]);
    }
    return o;
  }

  private static Simulator.Options with(Simulator.Options o, String name, String value) {
    return switch (name) {
      case "--port" -> o.withPort(Integer.parseInt(value));
      case "--seed" -> o.withSeed(Long.parseLong(value));
      case "--tickets" -> o.withTickets(Integer.parseInt(value));
      case "--activity" -> o.withActivity(Duration.parse(value));
      case "--key" -> o.withApiKey(value);
      case "--control-token" -> o.withControlToken(value);
      case "--client-secret" -> o.withOAuth(o.oauth().withClientSecret(value));
      case "--access-life" -> o.withPolicy(o.oauth().policy().withAccess(Duration.parse(value)));
      case "--grace" -> o.withPolicy(o.oauth().policy().withGrace(Duration.parse(value)));
      case "--idle" -> o.withPolicy(o.oauth().policy().withIdle(Duration.parse(value)));
      case "--states-expiry" ->
          o.withPolicy(o.oauth().policy().withStatesExpiry(Boolean.parseBoolean(value)));
      default -> throw new IllegalArgumentException("unknown option " + name);
    };
  }
}
