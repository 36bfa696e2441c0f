package dev.serai.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * An AES-256 key by the name that stands in front of everything it sealed: version (1 byte) and id
 * (4 bytes). Version 1 is a master key itself, version 2 a data key of the vault. Thread-safe.
 */
final class SealingKey {
  static final int NAME = 5;
  static final byte MASTER = 1;
  static final byte DATA = 2;

  private final byte[] name;
  private final Aead aead;

  private SealingKey(byte[] name, byte[] secret) {
    this.name = name;
    try {
      this.aead = new AesGcmJce(secret);
    } catch (GeneralSecurityException e) {
      throw new VaultException("vault", "AES-256-GCM is not available on this JVM", e);
    }
  }

  static SealingKey of(MasterKey master) {
    return new SealingKey(name(MASTER, master.id()), master.bytes());
  }

  static SealingKey of(int dataKey, byte[] secret) {
    return new SealingKey(dataKeyName(dataKey), secret);
  }

  static byte[] dataKeyName(int dataKey) {
    return name(DATA, ByteBuffer.allocate(4).putInt(dataKey).array());
  }

  private static byte[] name(byte version, byte[] id) {
    return ByteBuffer.allocate(NAME).put(version).put(id).array();
  }

  byte[] name() {
    return name.clone();
  }

  boolean isNamed(byte[] other) {
    return Arrays.equals(name, other);
  }

  Aead aead() {
    return aead;
  }

  @Override
  public String toString() {
    return "SealingKey[hidden]";
  }
}
