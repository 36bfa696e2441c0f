package dev.serai.connection.auth;

import dev.serai.connection.App;
import java.util.Objects;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a provider may repeat in a refusal and nobody may see. */
final class Secrets {
  private Secrets() {}

  static List<String> of(App app, @Nullable String... more) {
    return Stream.concat(app.secrets().stream(), Stream.of(more))
        .filter(Objects::nonNull)
        .filter(text -> !text.isEmpty())
        .toList();
  }
}
