package dev.serai.secrets;

import dev.serai.support.Marked;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Secrets that must not be met again, in any spelling that software gives them. */
record Canary(List<String> spellings) {
  static Canary of(String... secrets) {
    return new Canary(Stream.of(secrets).flatMap(Marked::spellings).toList());
  }

  /** These and one that became known later. */
  Canary and(String secret) {
    return new Canary(Stream.concat(spellings.stream(), Marked.spellings(secret)).toList());
  }

  Canary and(Collection<String> secrets) {
    return secrets.stream().distinct().reduce(this, Canary::and, (a, b) -> b);
  }

  /** The secret in this text with what stands around it, if there is one. */
  Optional<String> in(String text) {
    return spellings.stream()
        .filter(text::contains)
        .map(found -> {
          int at = text.indexOf(found);
          return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 120));
        })
        .findFirst();
  }
}
