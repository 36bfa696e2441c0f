package dev.serai.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one connection: seals its payloads with AES-256-GCM and makes hashes that say nothing
 * without it. Both by keys of their own, derived by HKDF-SHA256 (RFC 5869, no salt). Thread-safe.
 *
 * <p>Envelope: nonce (12 bytes), ciphertext, tag (16 bytes). The nonce is drawn from the system's
 * generator for each envelope and cannot be given, so sealing the same payload twice shows nothing.
 * Random nonces are safe for 2<sup>32</sup> envelopes of one key (NIST SP 800-38D, 8.3): a record
 * changed every second takes 136 years to get there, ten million records 430 changes each.
 */
public final class DataKey {
  public static final int LENGTH = 32;

  /** Bytes that a keyed hash has. */
  public static final int HASH = 16;

  private static final String HMAC = "HmacSHA256";

  private final long id;
  private final Aead aead;

  /** Keyed and never fed: every hash is made by a copy, which costs half of a new one. */
  private final Mac hashing;

  /**
   * @param id of its row; part of what every envelope is bound to
   */
  public DataKey(long id, byte[] secret) {
    if (secret.length != LENGTH) {
      throw new VaultException("data_key", "A data key has %d bytes".formatted(LENGTH));
    }
    try {
      this.id = id;
      this.aead = new AesGcmJce(derived(secret, "serai payload"));
      this.hashing = Mac.getInstance(HMAC);
      hashing.init(new SecretKeySpec(derived(secret, "serai hash"), HMAC));
    } catch (GeneralSecurityException e) {
      throw new VaultException("vault", "AES-256-GCM or HMAC is not available on this JVM", e);
    }
  }

  private static byte[] derived(byte[] secret, String purpose) throws GeneralSecurityException {
    return Hkdf.computeHkdf(
        "HMACSHA256", secret, new byte[0], purpose.getBytes(StandardCharsets.US_ASCII), LENGTH);
  }

  /** New secret bytes, to be sealed by the master key and stored. */
  public static byte[] fresh() {
    byte[] secret = new byte[LENGTH];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  public long id() {
    return id;
  }

  /**
   * @param context what the envelope is bound to; {@link #open} must be given the same
   */
  public byte[] seal(byte[] context, byte[] plain, int offset, int length) {
    try {
      return aead.encrypt(Arrays.copyOfRange(plain, offset, offset + length), context);
    } catch (GeneralSecurityException e) {
      throw new VaultException("sealing_failed", "Cannot seal a payload", e);
    }
  }

  /**
   * @throws VaultException {@code unsealing_failed} if one bit differs from what was sealed for
   *     this context
   */
  public byte[] open(byte[] context, byte[] envelope) {
    try {
      return aead.decrypt(envelope, context);
    } catch (GeneralSecurityException e) {
      throw new VaultException(
          "unsealing_failed",
          "A sealed payload was changed or belongs elsewhere (data key %d)".formatted(id),
          e);
    }
  }

  /** HMAC-SHA256 of a plain hash, cut to {@link #HASH} bytes. */
  public byte[] keyed(byte[] hash) {
    try {
      Mac mac = (Mac) hashing.clone();
      return Arrays.copyOf(mac.doFinal(hash), HASH);
    } catch (CloneNotSupportedException e) {
      throw new VaultException("vault", "HMAC-SHA256 of this JVM cannot be copied", e);
    }
  }

  @Override
  public String toString() {
    return "DataKey[" + id + "]";
  }
}
