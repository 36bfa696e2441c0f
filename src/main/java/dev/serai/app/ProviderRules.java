package dev.serai.app;

import dev.serai.mapping.Mappings;
import dev.serai.provider.FixtureRules;
import dev.serai.provider.FolderRules;
import dev.serai.provider.ProviderCheck;
import dev.serai.provider.RouteRules;
import dev.serai.record.Models;
import java.util.List;

/** Every rule for a provider's folder, as the command line and the catalogue test apply them. */
public final class ProviderRules {
  private ProviderRules() {}

  public static ProviderCheck all() {
    Models models = Models.unifiedOnly();
    return new ProviderCheck(
        List.of(
            new RouteRules(),
            new FolderRules(name -> models.find(null, name).isPresent()),
            new FixtureRules(),
            Mappings::check));
  }
}
