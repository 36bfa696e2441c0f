package dev.serai.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Seals secrets for the database with AES-256-GCM. What is sealed for one purpose and row opens
 * only there: bytes moved to another row, or changed anywhere, are refused. Thread-safe.
 *
 * <p>Envelope: the key's name (5 bytes: version and id), nonce, ciphertext, tag. The name is
 * authenticated with the rest, so that keys can be rotated while values of both are stored.
 */
public final class Vault {
  private final KeyRing keys;

  /** Seals with the data key in force, and opens what any key of the database sealed. */
  public Vault(StoredKeys keys) {
    this((KeyRing) keys);
  }

  /** Seals with the master key itself, as Serai did before it had data keys. */
  public Vault(MasterKey key) {
    this(new MasterRing(SealingKey.of(key)));
  }

  private Vault(KeyRing keys) {
    this.keys = keys;
  }

  /**
   * @param purpose what the secret is, such as {@code credential}
   * @param row the immutable identity of the row that will hold it
   */
  public byte[] seal(String purpose, String row, byte[] secret) {
    SealingKey key = keys.current();
    byte[] name = key.name();
    try {
      byte[] sealed = key.aead().encrypt(secret, context(name, purpose, row));
      return ByteBuffer.allocate(name.length + sealed.length).put(name).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new VaultException("sealing_failed", "Cannot seal a secret (" + purpose + ")", e);
    }
  }

  public byte[] seal(String purpose, String row, String secret) {
    return seal(purpose, row, secret.getBytes(StandardCharsets.UTF_8));
  }

  /** Opens what {@link #seal} made for the same purpose and row, or throws. */
  public byte[] open(String purpose, String row, byte[] envelope) {
    if (envelope.length <= SealingKey.NAME
        || (envelope[0] != SealingKey.MASTER && envelope[0] != SealingKey.DATA)) {
      throw new VaultException(
          "unsealing_failed", "Not a sealed secret (purpose: %s, row: %s)".formatted(purpose, row));
    }
    byte[] name = Arrays.copyOf(envelope, SealingKey.NAME);
    SealingKey key = keys.find(name);
    try {
      return key.aead()
          .decrypt(
              Arrays.copyOfRange(envelope, name.length, envelope.length),
              context(name, purpose, row));
    } catch (GeneralSecurityException e) {
      throw new VaultException(
          "unsealing_failed",
          "A sealed secret was changed or belongs to another row (purpose: %s, row: %s)"
              .formatted(purpose, row),
          e);
    }
  }

  public String openText(String purpose, String row, byte[] envelope) {
    return new String(open(purpose, row, envelope), StandardCharsets.UTF_8);
  }

  /** Lengths first, so that no other purpose and row can spell the same bytes. */
  private static byte[] context(byte[] name, String purpose, String row) {
    byte[] first = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] second = row.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + 8 + first.length + second.length)
        .put(name)
        .putInt(first.length)
        .put(first)
        .putInt(second.length)
        .put(second)
        .array();
  }
}
