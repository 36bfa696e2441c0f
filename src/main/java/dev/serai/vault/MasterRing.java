package dev.serai.vault;

import java.util.HexFormat;

/** A ring of one: the master key seals by itself. */
record MasterRing(SealingKey current) implements KeyRing {
  @Override
  public SealingKey find(byte[] name) {
    if (current.isNamed(name)) {
      return current;
    }
    throw unknown(name, current.name());
  }

  static VaultException unknown(byte[] name, byte[] ours) {
    return new VaultException(
        "other_encryption_key",
        "Sealed with key %s, this vault has %s: start with the master key of this database (SERAI_ENCRYPTION_KEY or data/encryption.key)"
            .formatted(HexFormat.of().formatHex(name, 1, 5), HexFormat.of().formatHex(ours, 1, 5)));
  }
}
