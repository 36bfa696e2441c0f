package dev.serai.app;

import dev.serai.outbox.BodySealing;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.vault.Vault;
import org.jspecify.annotations.Nullable;

/** With {@code serai.records.encrypt}, forwarded webhooks lie sealed: they are payloads. */
record ForwardSealing(Vault vault, boolean encrypt) implements BodySealing {
  private static final String PURPOSE = "message";

  @Override
  public byte @Nullable [] seal(OutgoingMessage message, String id, String body) {
    return encrypt && message.type().equals("forward") ? vault.seal(PURPOSE, id, body) : null;
  }

  @Override
  public String open(String id, byte[] sealed) {
    return vault.openText(PURPOSE, id, sealed);
  }
}
