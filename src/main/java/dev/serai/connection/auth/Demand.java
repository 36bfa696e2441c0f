package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connection.App;
import dev.serai.connection.Connection;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.provider.Provider;
import java.util.ArrayList;
import java.util.List;

/** Who wants a token, and with what. Holds secrets: lives as long as a request is made. */
record Demand(
    Provider provider,
    Connection connection,
    App app,
    ObjectNode secretConfig,
    Credentials credentials) {

  Values values() {
    return Values.of(connection.config(), secretConfig, credentials, app);
  }

  /** Everything that the request may carry and nobody may see. */
  List<String> secrets() {
    List<String> all = new ArrayList<>(new Grant(credentials, secretConfig, 0).secrets(provider));
    all.addAll(app.secrets());
    return all;
  }

  @Override
  public String toString() {
    return "Demand[" + connection.label() + "]";
  }
}
