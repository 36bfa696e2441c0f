package dev.serai.vault;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A secret cannot be sealed or opened, or a key is not one. Never holds the secret. */
public final class VaultException extends SeraiException {
  VaultException(String code, String message) {
    super(code, Origin.OURS, message);
  }

  /** What this key sealed can never be opened again. */
  public static VaultException dataKeyGone(long id) {
    return new VaultException(
        "data_key_gone",
        "Data key %d was dropped with its connection; what it sealed is erased".formatted(id));
  }

  /** A deleted connection is given no key. */
  public static VaultException noDataKey(long connection) {
    return new VaultException(
        "data_key_gone",
        "The connection was deleted and its data key with it (connection row: %d)"
            .formatted(connection));
  }

  VaultException(String code, String message, Throwable cause) {
    super(code, Origin.OURS, message, cause);
  }
}
