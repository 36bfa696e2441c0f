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
      case "--key" ->
          new Simulator.Options(
              o.port(), o.seed(), o.tickets(), value, o.controlToken(), o.activity());
      case "--control-token" ->
          new Simulator.Options(o.port(), o.seed(), o.tickets(), o.apiKey(), value, o.activity());
      default -> throw new IllegalArgumentException("unknown option " + name);
    };
  }
}
