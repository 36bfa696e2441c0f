package dev.serai.outbox;

/** Where the environments' webhook signing keys come from; unsealed as late as possible. */
public interface SigningKeys {
  /**
   * The signing key in force now; a rotated key signs the next attempt of old messages too.
   *
   * @throws dev.serai.SeraiException if it cannot be unsealed; the delivery then waits
   */
  String of(int environment);
}
