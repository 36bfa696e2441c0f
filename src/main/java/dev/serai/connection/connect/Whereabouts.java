package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connection.Rendering;
import dev.serai.provider.AppAddresses;
import dev.serai.provider.Provider;
import dev.serai.provider.Template;
import java.util.List;
import java.util.stream.Stream;

/** Where a configuration leads: to be called, and to get tokens. */
public final class Whereabouts {
  private Whereabouts() {}

  /** Whether both lead to the same addresses. */
  public static boolean same(Provider provider, ObjectNode one, ObjectNode other) {
    return of(provider, one).equals(of(provider, other));
  }

  private static List<String> of(Provider provider, ObjectNode config) {
    Stream<Template> tokens =
        provider.ways().stream().flatMap(way -> AppAddresses.tokens(way).stream());
    return Stream.concat(
            Stream.of(Rendering.address(provider, config)),
            tokens.map(template -> template.fill(Rendering.values(config))))
        .toList();
  }
}
