package dev.serai.app;

import dev.serai.connection.AuthMessages;
import dev.serai.outbox.BodySealing;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.vault.Vault;
import org.jspecify.annotations.Nullable;

/**
 * Which webhooks lie sealed until they are sent, and after: those with a reconnect link, for who
 * has its token may bring other credentials; with {@code serai.records.encrypt} also what is
 * forwarded, for it is payload.
 */
record MessageSealing(Vault vault, boolean encrypt) implements BodySealing {
  private static final String PURPOSE = "message";

  @Override
  public byte @Nullable [] seal(OutgoingMessage message, String id, String body) {
    boolean secret =
        message.body().has(AuthMessages.RECONNECT_LINK)
            || (encrypt && message.type().equals("forward"));
    return secret ? vault.seal(PURPOSE, id, body) : null;
  }

  @Override
  public String open(String id, byte[] sealed) {
    return vault.openText(PURPOSE, id, sealed);
  }
}
