package dev.serai.app;

import dev.serai.vault.MasterKey;
import dev.serai.vault.VaultException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where the master key comes from. Nothing is read or run before {@link #read}. */
public sealed interface MasterKeySource {
  /**
   * @throws SettingsException naming the setting when there is no key to be had
   */
  MasterKey read();

  /** Given by a setting. */
  record Given(MasterKey key) implements MasterKeySource {
    @Override
    public MasterKey read() {
      return key;
    }
  }

  /** In a file that somebody else provides, such as a mounted secret. */
  record InFile(String setting, Path file) implements MasterKeySource {
    @Override
    public MasterKey read() {
      try {
        return MasterKey.parse(Files.readString(file));
      } catch (IOException | VaultException e) {
        throw new SettingsException(
            "%s is %s, which holds no master key (%s)".formatted(setting, file, reason(e)));
      }
    }
  }

  /** Printed by a command, such as the client of a key management service. */
  record FromCommand(String setting, String command, Duration patience) implements MasterKeySource {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    FromCommand(String setting, String command) {
      this(setting, command, PATIENCE);
    }

    @Override
    public MasterKey read() {
      try {
        Process process =
            new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        FutureTask<String> printed = new FutureTask<>(() -> line(process));
        // A process that the command leaves behind, such as an agent, may keep the output open.
        Thread.ofPlatform().daemon().name("master-key").start(printed);
        if (!process.waitFor(patience)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw wrong("did not end");
        }
        if (process.exitValue() != 0) {
          throw wrong("ended with status " + process.exitValue());
        }
        return MasterKey.parse(printed.get(patience.toMillis(), TimeUnit.MILLISECONDS));
      } catch (IOException | VaultException e) {
        throw wrong("gives no master key (" + reason(e) + ")");
      } catch (ExecutionException e) {
        throw wrong("cannot be read (" + e.getCause() + ")");
      } catch (TimeoutException e) {
        throw wrong("printed no whole line");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw wrong("was interrupted");
      }
    }

    private static String line(Process process) throws IOException {
      try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII)) {
        return out.lines().filter(text -> !text.isBlank()).findFirst().orElse("");
      }
    }

    private SettingsException wrong(String how) {
      return new SettingsException(
          "%s %s: it must print 32 bytes in base64 and end within %d s"
              .formatted(setting, how, patience.toSeconds()));
    }
  }

  /** Kept in the data folder; made at first use. */
  record Kept(Path file) implements MasterKeySource {
    @Override
    public MasterKey read() {
      return MasterKey.keptIn(file);
    }
  }

  private static String reason(Exception e) {
    return e instanceof IOException ? e.getClass().getSimpleName() : String.valueOf(e.getMessage());
  }
}
