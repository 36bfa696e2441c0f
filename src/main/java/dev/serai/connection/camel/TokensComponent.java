package dev.serai.connection.camel;

import dev.serai.connection.TokenUpkeep;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** {@code tokens:refresh}, for a timer route: one look at the tokens that nobody asks for. */
public final class TokensComponent extends DefaultComponent {
  private final TokenUpkeep upkeep;

  public TokensComponent(TokenUpkeep upkeep) {
    this.upkeep = upkeep;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    if (!remaining.equals("refresh")) {
      throw new IllegalArgumentException("'" + uri + "' must be tokens:refresh");
    }
    return new TokensEndpoint(uri, this, upkeep);
  }
}
