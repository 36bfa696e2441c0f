package dev.serai.app;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code serai run}: until a signal ends it. */
@Command(name = "run", description = "Run Serai until it is stopped (Ctrl-C or SIGTERM).")
public final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Override
  public Integer call() throws Exception {
    Settings settings = Settings.read(Cli.home(), System.getenv());
    Logs.use(settings.logFormat());
    Serai serai = new Serai(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(serai), "stop"));
    try {
      serai.start();
      serai.tour().ifPresent(System.out::println);
      serai.newKey().ifPresent(RunCommand::show);
    } catch (RuntimeException e) {
      if (!serai.isStopping()) {
        throw e;
      }
      log.debug("Stopped while starting", e);
    }
    new CountDownLatch(1).await(); // the hook ends the JVM
    return 0;
  }

  /** Past the log on purpose: this once it is to be read, by a person. */
  private static void show(String key) {
    System.out.printf(
        "The API key of the environment dev is %s; it is kept in the data folder, in dev.key%n",
        key);
  }

  private static void stop(Serai serai) {
    long started = System.nanoTime();
    if (serai.stop()) {
      log.info("Stopped in {} s", Elapsed.since(started));
    }
  }
}
