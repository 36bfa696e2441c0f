package dev.serai.vault;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/** Wraps the vault's data keys by a master key, each for its own row. Thread-safe. */
final class Wrapping {
  private final MasterKey master;
  private final Aead aead;

  Wrapping(MasterKey master) {
    this.master = master;
    this.aead = SealingKey.of(master).aead();
  }

  byte[] master() {
    return master.id();
  }

  static byte[] fresh() {
    byte[] secret = new byte[DataKey.LENGTH];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  byte[] wrap(int id, byte[] secret) {
    try {
      return aead.encrypt(secret, context(id));
    } catch (GeneralSecurityException e) {
      throw new VaultException("sealing_failed", "Cannot wrap the vault's key " + id, e);
    }
  }

  /**
   * @throws VaultException {@code other_encryption_key} if it was never wrapped by this master key
   */
  byte[] unwrap(VaultKeyStore.Wrapped key) {
    if (key.wrapped().length == 0) {
      throw MasterRing.unknown(SealingKey.dataKeyName(key.id()), SealingKey.of(master).name());
    }
    try {
      return aead.decrypt(key.wrapped(), context(key.id()));
    } catch (GeneralSecurityException e) {
      throw new VaultException(
          "unsealing_failed", "The vault's key %d was changed".formatted(key.id()), e);
    }
  }

  private static byte[] context(int id) {
    return ("serai vault key " + id).getBytes(StandardCharsets.US_ASCII);
  }
}
