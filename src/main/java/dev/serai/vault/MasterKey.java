package dev.serai.vault;

import dev.serai.database.OwnerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The 32 bytes that seal every secret in the database. Without them the database's secrets are
 * lost, so a backup is both. Its {@link #id} may be stored and shown.
 */
public final class MasterKey {
  static final int LENGTH = 32;

  private final byte[] bytes;

  private MasterKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads 32 bytes of base64, however padded or wrapped by a newline. */
  public static MasterKey parse(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw new VaultException(
          "bad_encryption_key", "the key is not base64; make one with: openssl rand -base64 32");
    }
    if (bytes.length != LENGTH) {
      throw new VaultException(
          "bad_encryption_key",
          "the key has %d bytes, 32 are needed; make one with: openssl rand -base64 32"
              .formatted(bytes.length));
    }
    return new MasterKey(bytes);
  }

  /** The key kept in this file, generated on first use with a mode that only the owner can read. */
  public static MasterKey keptIn(Path file) {
    try {
      return parse(OwnerFile.readOrCreate(file, MasterKey::generate));
    } catch (VaultException e) {
      throw new VaultException(e.code(), file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new VaultException("encryption_key_file", "Cannot read or write " + file, e);
    }
  }

  private static String generate() {
    byte[] fresh = new byte[LENGTH];
    new SecureRandom().nextBytes(fresh);
    return Base64.getEncoder().encodeToString(fresh);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Four bytes that tell keys apart and say nothing about them. */
  byte[] id() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("serai master key id\0".getBytes(StandardCharsets.US_ASCII));
      return Arrays.copyOf(digest.digest(bytes), 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "MasterKey[hidden]";
  }
}
