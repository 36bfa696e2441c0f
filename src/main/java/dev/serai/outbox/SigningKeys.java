package dev.serai.outbox;

import org.jspecify.annotations.Nullable;

/** Where the environments' webhook signing keys come from; unsealed as late as possible. */
public interface SigningKeys {
  /**
   * What signs now; a new key signs the next attempt of old messages too.
   *
   * @throws dev.serai.SeraiException if it cannot be unsealed; the delivery then waits
   */
  Keys of(int environment);

  /**
   * @param current of an environment
   * @param replaced signs beside it for a while; null: nothing does
   */
  record Keys(String current, @Nullable String replaced) {
    @Override
    public String toString() {
      return "Keys[hidden]";
    }
  }
}
