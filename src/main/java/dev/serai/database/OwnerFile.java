package dev.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * One line of text that is generated once and then kept in a file only its owner can read. A crash
 * leaves either no file or a whole one.
 */
public final class OwnerFile {
  private OwnerFile() {}

  public static String readOrCreate(Path file, Supplier<String> generated) throws IOException {
    if (!Files.exists(file)) {
      Path unfinished = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(unfinished);
      Files.createFile(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(unfinished, generated.get() + "\n");
      Files.move(unfinished, file);
    }
    return Files.readString(file).strip();
  }
}
