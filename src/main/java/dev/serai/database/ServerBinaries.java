package dev.serai.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL programs, unpacked once from the archive on the class path into a folder named
 * after the archive's hash. A folder under its final name is complete: it is moved there whole.
 */
final class ServerBinaries {
  private static final Pattern VERSION = Pattern.compile("\\) (\\d+)");

  private final Path home;

  private ServerBinaries(Path home) {
    this.home = home;
  }

  static ServerBinaries unpackInto(Path cache) {
    String archive = archiveName();
    try {
      Path home = cache.resolve("postgres-" + fingerprint(archive));
      if (!Files.isDirectory(home)) {
        Files.createDirectories(cache);
        Path unfinished = Files.createTempDirectory(cache, "unpacking-");
        unpack(archive, unfinished);
        moveWhole(unfinished, home);
      }
      return new ServerBinaries(home);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack PostgreSQL into " + cache, e);
    }
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /** "18" of "postgres (PostgreSQL) 18.4": what a data folder must have been made by. */
  String majorVersion() {
    try {
      Process process = Child.process(List.of(program("postgres").toString(), "--version")).start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(answer);
      if (!version.find()) {
        throw new DatabaseException(
            "postgres_launch", "PostgreSQL cannot run on this machine: " + program("postgres"));
      }
      return version.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run " + program("postgres"), e);
    }
  }

  /** The archive's resource name; the build puts exactly one kind on the class path. */
  private static String archiveName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    return "/postgres-" + (os.contains("mac") ? "darwin" : "linux") + "-" + arch + ".txz";
  }

  private static InputStream open(String archive) {
    InputStream in = ServerBinaries.class.getResourceAsStream(archive);
    if (in == null) {
      throw new DatabaseException(
          "postgres_missing",
          "No embedded PostgreSQL for this machine ("
              + archive
              + "); set SERAI_DATABASE_URL to a PostgreSQL 18");
    }
    return in;
  }

  private static String fingerprint(String archive) throws IOException {
    try (InputStream in = open(archive)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unpack(String archive, Path into) throws IOException {
    try (InputStream in = open(archive);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(in, true))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = into.resolve(entry.getName()).normalize();
        if (!target.startsWith(into)) {
          throw new IOException("the archive leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(target.getParent());
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make executable: " + target);
          }
        }
      }
    }
  }

  private static void moveWhole(Path from, Path to) throws IOException {
    // createTempDirectory made it 0700; readable again, so that a shared cache can serve two users.
    if (!from.toFile().setReadable(true, false) || !from.toFile().setExecutable(true, false)) {
      throw new IOException("cannot open up " + from);
    }
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      // Another process was faster; its copy is as good as ours.
      if (!Files.isDirectory(to)) {
        throw e;
      }
      deleteTree(from);
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
