package dev.serai.connection;

import dev.serai.http.Headers;
import dev.serai.provider.Provider;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A call to a provider's API as a backend wrote it: sent as it stands, with the connection's
 * credentials added.
 *
 * @param target path and query as they came, still encoded
 * @param headers of the backend's own; they win over the provider's standing ones, not over
 *     credentials
 * @param body null: none
 * @param base in place of the provider's base URL; null: that one
 */
public record RelayedCall(
    String method,
    String target,
    Headers headers,
    byte @Nullable [] body,
    @Nullable URI base,
    Again again) {

  /**
   * What the backend wants tried again, whatever the method: it knows what its calls do.
   *
   * @param times further attempts; 0: the first answer stands
   * @param statuses worth another attempt besides 429, 5xx and what the provider declares
   */
  public record Again(int times, Set<Integer> statuses) {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration FIRST = Duration.ofSeconds(3);

    public static final Again NEVER = new Again(0, Set.of());

    public Again {
      statuses = Set.copyOf(statuses);
    }

    /** With the pauses that the provider asks for, else 3 s and doubling. */
    Provider.Retry over(Provider.Retry declared) {
      Set<Integer> all = new HashSet<>(statuses);
      all.addAll(declared.statuses());
      all.add(429);
      IntStream.range(500, 600).forEach(all::add);
      return new Provider.Retry(
          Set.copyOf(all), times + 1, LONGEST, declared.afterHeader(), FIRST, 2, LONGEST);
    }
  }

  @Override
  public String toString() {
    return "RelayedCall[" + method + "]";
  }
}
