package dev.serai.api;

import java.util.List;

/** Whose key a request came with. Every look-up of a handler is bound to this environment. */
public record Caller(int environment, String environmentName, List<String> scopes) {
  public boolean may(Scope scope) {
    return scope.within(scopes);
  }
}
