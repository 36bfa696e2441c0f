package dev.serai.app;

import dev.serai.database.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The name of this node in leases: the same after a restart, so that it takes its own runs up at
 * once instead of waiting for their leases to run out.
 */
final class NodeName {
  private NodeName() {}

  static String of(Settings settings) {
    String given = settings.syncing().node();
    if (given != null) {
      return given;
    }
    Path file = settings.folders().data().resolve("node");
    try {
      return OwnerFile.readOrCreate(file, () -> UUID.randomUUID().toString());
    } catch (IOException e) {
      throw new SettingsException(
          file + " cannot be read or written (" + e.getMessage() + "): set SERAI_NODE");
    }
  }
}
