package dev.serai.http;

/**
 * What a request brought, for whoever reads it on purpose: nothing that writes exchanges down shows
 * it, since customers' credentials come in bodies.
 */
public record ClosedBody(byte[] bytes) {
  @Override
  public String toString() {
    return "ClosedBody[" + bytes.length + " bytes]";
  }
}
