package dev.serai.connection;

/**
 * What a connection proves itself with, unsealed: lives only between the vault and the outgoing
 * request. {@code toString} never shows it. Further modes (OAuth and friends) add cases here.
 */
public sealed interface Credentials {
  /** The wire name: {@code API_KEY}, {@code BASIC}, {@code NONE}. */
  String type();

  record ApiKey(String apiKey) implements Credentials {
    @Override
    public String type() {
      return "API_KEY";
    }

    @Override
    public String toString() {
      return "ApiKey[hidden]";
    }
  }

  record Basic(String username, String password) implements Credentials {
    @Override
    public String type() {
      return "BASIC";
    }

    @Override
    public String toString() {
      return "Basic[hidden]";
    }
  }

  record None() implements Credentials {
    @Override
    public String type() {
      return "NONE";
    }
  }
}
