package dev.serai.app;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * A setting that cannot be used. One line that names the key and the remedy; never the value of a
 * secret.
 */
public final class SettingsException extends SeraiException {
  SettingsException(String message) {
    super("bad_setting", Origin.CALLER, message);
  }
}
