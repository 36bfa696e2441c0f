package dev.serai.record;

/**
 * Names a collection: a connection's records of one model and variant ({@code base} by default).
 */
public record CollectionKey(long connection, String model, String variant) {
  public static final String BASE = "base";
}
