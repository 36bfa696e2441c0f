package dev.serai.app;

import dev.serai.vault.MasterKey;
import dev.serai.vault.VaultException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

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

    /** So long what an ended command printed takes to reach us, at most. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

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
        FirstLine printed = new FirstLine();
        Thread reader =
            Thread.ofPlatform()
                .daemon()
                .name("master-key")
                .start(() -> printed.from(process.getInputStream()));
        if (!process.waitFor(patience)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw wrong("did not end");
        }
        if (process.exitValue() != 0) {
          throw wrong("ended with status " + process.exitValue());
        }
        // A process that the command leaves behind, such as an agent, may keep the output open for
        // ever: what has come by then is what the command had to say.
        boolean unused = reader.join(LAST_WORDS);
        return MasterKey.parse(printed.text());
      } catch (IOException | VaultException e) {
        throw wrong("gives no master key (" + reason(e) + ")");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw wrong("was interrupted");
      }
    }

    private SettingsException wrong(String how) {
      return new SettingsException(
          "%s %s: it must print 32 bytes in base64 and end within %d s"
              .formatted(setting, how, patience.toSeconds()));
    }
  }

  /** The first line that is not blank, as far as it has come. Thread-safe; shows nothing of it. */
  final class FirstLine {
    private static final int LONGEST = 4_096;

    private final StringBuilder line = new StringBuilder();

    void from(InputStream printed) {
      try (printed) {
        boolean going = true;
        while (going) {
          going = add(printed.read());
        }
      } catch (IOException e) {
        // What has come is looked at; a key that was cut off is none.
      }
    }

    /** Whether the line goes on. */
    private synchronized boolean add(int octet) {
      boolean blank = line.toString().isBlank();
      if (octet == '\n' && blank) {
        line.setLength(0);
        return true;
      }
      if (octet < 0 || octet == '\n' || line.length() == LONGEST) {
        return false;
      }
      line.append((char) octet);
      return true;
    }

    synchronized String text() {
      return line.toString();
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
