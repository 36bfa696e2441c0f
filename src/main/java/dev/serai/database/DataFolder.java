package dev.serai.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Serai keeps beside the cluster in its data folder: the lock that makes it ours alone, the
 * generated password and the port. Made readable for the owner only.
 */
public final class DataFolder implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path root;
  private final FileChannel channel;

  private DataFolder(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /** Takes the folder, or refuses with {@code data_in_use}; it is free again when the JVM ends. */
  public static DataFolder open(Path root) {
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileChannel channel =
          FileChannel.open(
              root.resolve("serai.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new DatabaseException(
            "data_in_use",
            "Another Serai is running on the data folder "
                + root
                + ": stop it, or set SERAI_DATA to another folder");
      }
      return new DataFolder(root, channel);
    } catch (IOException e) {
      throw new DatabaseException(
          "data_not_writable",
          "Cannot use the data folder " + root + " (" + e.getMessage() + "): check SERAI_DATA",
          e);
    }
  }

  /** How to reach the server of whoever has the folder. */
  record Beside(int port, String password) {

    @Override
    public String toString() {
      return "Beside[port=" + port + "]";
    }
  }

  /** Empty if nobody has the folder now. */
  static Optional<Beside> beside(Path root) {
    if (!Files.exists(root.resolve("serai.lock"))) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(root.resolve("serai.lock"), StandardOpenOption.WRITE)) {
      if (lock(channel) != null) {
        return Optional.empty();
      }
      return Optional.of(
          new Beside(
              Integer.parseInt(Files.readString(root.resolve("database.port")).strip()),
              Files.readString(root.resolve("database.password")).strip()));
    } catch (IOException | NumberFormatException e) {
      throw new DatabaseException(
          "data_not_readable", "Cannot read the data folder " + root + ": check SERAI_DATA", e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very JVM holds it
    }
  }

  Path cluster() {
    return root.resolve("database");
  }

  Path logs() {
    return root.resolve("logs");
  }

  Path resolve(String name) {
    return root.resolve(name);
  }

  /** Generated once; the file is the only copy. */
  String password() {
    Path file = passwordFile();
    try {
      return OwnerFile.readOrCreate(file, DataFolder::randomText);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read or write " + file, e);
    }
  }

  private static String randomText() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  Path passwordFile() {
    return root.resolve("database.password");
  }

  /** The port of the last start while it is free, so that an operator's psql line stays true. */
  int port() {
    Path file = root.resolve("database.port");
    try {
      int port = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
      // Below the range the kernel gives to outgoing connections, which would take it meanwhile.
      for (int tries = 0; tries < 100 && !isFree(port); tries++) {
        port = 20_000 + RANDOM.nextInt(12_000);
      }
      Files.writeString(file, port + "\n");
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read or write " + file, e);
    } catch (NumberFormatException e) {
      throw new DatabaseException("bad_port_file", "Not a port number: delete " + file, e);
    }
  }

  private static boolean isFree(int port) {
    if (port <= 0) {
      return false;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
