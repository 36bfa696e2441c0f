package dev.serai.vault;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A secret cannot be sealed or opened, or a key is not one. Never holds the secret. */
public final class VaultException extends SeraiException {
  VaultException(String code, String message) {
    super(code, Origin.OURS, message);
  }

  VaultException(String code, String message, Throwable cause) {
    super(code, Origin.OURS, message, cause);
  }
}
