package dev.serai.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Seals secrets for the database with AES-256-GCM. What is sealed for one purpose and row opens
 * only there: bytes moved to another row, or changed anywhere, are refused. Thread-safe.
 *
 * <p>Envelope: version (1 byte), key id (4 bytes), nonce, ciphertext, tag. Version and key id are
 * authenticated with the rest, so that keys can be rotated while both kinds are stored.
 */
public final class Vault {
  private static final byte VERSION = 1;
  private static final int HEADER = 5;

  private final Aead aead;
  private final byte[] keyId;

  public Vault(MasterKey key) {
    try {
      this.aead = new AesGcmJce(key.bytes());
    } catch (GeneralSecurityException e) {
      throw new VaultException("vault", "AES-256-GCM is not available on this JVM", e);
    }
    this.keyId = key.id();
  }

  /**
   * @param purpose what the secret is, such as {@code credential}
   * @param row the immutable identity of the row that will hold it
   */
  public byte[] seal(String purpose, String row, byte[] secret) {
    try {
      byte[] sealed = aead.encrypt(secret, context(purpose, row));
      return ByteBuffer.allocate(HEADER + sealed.length)
          .put(VERSION)
          .put(keyId)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new VaultException("sealing_failed", "Cannot seal a secret (" + purpose + ")", e);
    }
  }

  public byte[] seal(String purpose, String row, String secret) {
    return seal(purpose, row, secret.getBytes(StandardCharsets.UTF_8));
  }

  /** Opens what {@link #seal} made for the same purpose and row, or throws. */
  public byte[] open(String purpose, String row, byte[] envelope) {
    if (envelope.length <= HEADER || envelope[0] != VERSION) {
      throw new VaultException(
          "unsealing_failed", "Not a sealed secret (purpose: %s, row: %s)".formatted(purpose, row));
    }
    byte[] sealedBy = Arrays.copyOfRange(envelope, 1, HEADER);
    if (!Arrays.equals(sealedBy, keyId)) {
      throw new VaultException(
          "other_encryption_key",
          "Sealed with master key %s, this is %s: start with the key of this database (SERAI_ENCRYPTION_KEY or data/encryption.key)"
              .formatted(HexFormat.of().formatHex(sealedBy), HexFormat.of().formatHex(keyId)));
    }
    try {
      return aead.decrypt(
          Arrays.copyOfRange(envelope, HEADER, envelope.length), context(purpose, row));
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
  private byte[] context(String purpose, String row) {
    byte[] first = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] second = row.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER + 8 + first.length + second.length)
        .put(VERSION)
        .put(keyId)
        .putInt(first.length)
        .put(first)
        .putInt(second.length)
        .put(second)
        .array();
  }
}
