package dev.serai.vault;

/** The keys a vault seals and opens with. Implementations are thread-safe. */
interface KeyRing {
  /** What is sealed with from now on. */
  SealingKey current();

  /**
   * The key of this name.
   *
   * @param name the five bytes in front of an envelope
   * @throws VaultException {@code other_encryption_key} if this ring has no such key
   */
  SealingKey find(byte[] name);
}
