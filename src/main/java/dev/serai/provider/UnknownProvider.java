package dev.serai.provider;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A connection names a provider that is not loaded: its folder is gone or was refused. */
public final class UnknownProvider extends SeraiException {
  private static final long serialVersionUID = 1L;

  public UnknownProvider(String name) {
    super(
        "unknown_provider",
        Origin.OURS,
        "provider " + name + " is not loaded: run `./serai providers check`");
  }
}
