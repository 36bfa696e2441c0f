package dev.serai.app;

import dev.serai.vault.MasterKey;
import dev.serai.vault.VaultException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

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
  record FromCommand(String setting, String command) implements MasterKeySource {
    private static final int PATIENCE_SECONDS = 30;
    private static final int MOST = 4_096;

    @Override
    public MasterKey read() {
      try {
        Process process =
            new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread limit = Thread.ofVirtual().start(() -> end(process));
        byte[] printed = process.getInputStream().readNBytes(MOST);
        int status = process.waitFor();
        limit.interrupt();
        if (status != 0) {
          throw new SettingsException(
              "%s ended with status %d: it must print 32 bytes in base64 within %d s"
                  .formatted(setting, status, PATIENCE_SECONDS));
        }
        return MasterKey.parse(new String(printed, StandardCharsets.US_ASCII));
      } catch (IOException | VaultException e) {
        throw new SettingsException(
            "%s gives no master key (%s): it must print 32 bytes in base64"
                .formatted(setting, reason(e)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SettingsException(setting + ": interrupted while it ran");
      }
    }

    private static void end(Process process) {
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // it has ended in time
      }
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
