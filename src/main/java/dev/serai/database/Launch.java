package dev.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a PostgreSQL program is started here. On Linux the server gets a session of its own (a Ctrl-C
 * for Serai must not stop it first), is stopped by the kernel when the thread that started it is
 * gone, and under root it runs in a user namespace, because PostgreSQL refuses to be root.
 */
final class Launch {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  private Launch() {}

  /** A program that does its work and ends, such as initdb. */
  static List<String> once(Path program) {
    List<String> command = unprivileged();
    command.add(program.toString());
    return command;
  }

  /** The server itself. */
  static List<String> tied(Path program) {
    List<String> command = new ArrayList<>();
    if (LINUX) {
      command.add("setsid");
    }
    command.addAll(unprivileged());
    if (LINUX) {
      // After unshare: entering the namespace changes credentials, which would clear the signal.
      command.addAll(List.of("setpriv", "--pdeathsig", "INT", "--"));
    }
    command.add(program.toString());
    return command;
  }

  private static List<String> unprivileged() {
    return new ArrayList<>(isRoot() ? List.of("unshare", "-U", "--") : List.of());
  }

  private static boolean isRoot() {
    try {
      return LINUX
          && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return System.getProperty("user.name").equals("root");
    }
  }

  /** Tells early, and with the remedy, that this machine cannot run the server. */
  static void check() {
    if (!LINUX) {
      return;
    }
    List<String> probe = new ArrayList<>(List.of("setsid"));
    probe.addAll(unprivileged());
    probe.addAll(List.of("setpriv", "--pdeathsig", "INT", "--", "true"));
    try {
      Process process =
          Child.process(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return;
      }
    } catch (IOException e) {
      throw new DatabaseException(
          "postgres_launch",
          "setsid, unshare and setpriv are needed (install util-linux), or set SERAI_DATABASE_URL",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new DatabaseException(
        "postgres_launch",
        isRoot()
            ? "PostgreSQL refuses to run as root and this machine gives no user namespace: run Serai"
                + " as a normal user, or set SERAI_DATABASE_URL"
            : "'"
                + String.join(" ", probe)
                + "' fails: install util-linux, or set SERAI_DATABASE_URL");
  }
}
