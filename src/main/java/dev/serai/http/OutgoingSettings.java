package dev.serai.http;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How Serai reaches out.
 *
 * @param allow {@code serai.outgoing.allow}: {@code host:port} or CIDR that is not public and yet
 *     may be called
 * @param deny {@code host:port} of Serai's own database and management port: never called
 * @param proxy the egress proxy, {@code http://host:port}; null: direct
 * @param perHost most connections to one host
 * @param total most connections at all
 */
public record OutgoingSettings(
    List<String> allow, List<String> deny, @Nullable URI proxy, int perHost, int total) {

  public OutgoingSettings {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  /** Public addresses only, no proxy, 200 connections to a host and 1,000 at all. */
  public static OutgoingSettings allowing(String... allow) {
    return new OutgoingSettings(List.of(allow), List.of(), null, 200, 1_000);
  }

  public OutgoingSettings denying(List<String> own) {
    return new OutgoingSettings(allow, own, proxy, perHost, total);
  }
}
