package dev.serai.provider;

import org.jspecify.annotations.Nullable;

/** How requests prove whose they are. Each further mode of the vocabulary is one more case. */
public sealed interface Auth {
  /**
   * The type of credentials a connection must bring: {@code API_KEY}, {@code BASIC}, {@code NONE}.
   */
  String credentials();

  record None() implements Auth {
    @Override
    public String credentials() {
      return "NONE";
    }
  }

  /**
   * @param inQuery else in a header
   * @param name of the header or parameter
   * @param prefix in front of the key, e.g. {@code "Bearer "}
   */
  record ApiKey(boolean inQuery, String name, String prefix) implements Auth {
    @Override
    public String credentials() {
      return "API_KEY";
    }
  }

  /**
   * @param credentials {@code BASIC}, or {@code API_KEY} where one key stands for both
   * @param username null: as the customer entered it
   */
  record Basic(String credentials, @Nullable Template username, @Nullable Template password)
      implements Auth {}
}
