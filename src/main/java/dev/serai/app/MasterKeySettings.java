package dev.serai.app;

import dev.serai.vault.MasterKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads from where the master key is to be had: one of a value, a file or a command. */
final class MasterKeySettings {
  private MasterKeySettings() {}

  /** Empty if no setting says. */
  static Optional<MasterKeySource> read(SettingsSource source, Path home, String key) {
    List<MasterKeySource> given =
        Stream.of(
                value(source, key),
                file(source, home, key + ".file"),
                command(source, key + ".command"))
            .flatMap(Optional::stream)
            .toList();
    if (given.size() > 1) {
      throw new SettingsException(
          "%1$s is given twice: set one of %1$s, %1$s.file and %1$s.command".formatted(key));
    }
    return given.stream().findFirst();
  }

  private static Optional<MasterKeySource> value(SettingsSource source, String key) {
    return source
        .optional(key, "32 bytes in base64", MasterKey::parse)
        .map(MasterKeySource.Given::new);
  }

  private static Optional<MasterKeySource> file(SettingsSource source, Path home, String key) {
    return source.optional(key).map(file -> new MasterKeySource.InFile(key, home.resolve(file)));
  }

  private static Optional<MasterKeySource> command(SettingsSource source, String key) {
    return source.optional(key).map(command -> new MasterKeySource.FromCommand(key, command));
  }
}
