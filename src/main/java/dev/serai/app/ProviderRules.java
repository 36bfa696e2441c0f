package dev.serai.app;

import dev.serai.mapping.Mappings;
import dev.serai.provider.FixtureRules;
import dev.serai.provider.FolderRules;
import dev.serai.provider.ModelRules;
import dev.serai.provider.ProviderCheck;
import dev.serai.provider.RouteRules;
import dev.serai.record.Models;
import java.nio.file.Path;
import java.util.List;

/** Every rule for a provider's folder, as the command line and the catalogue test apply them. */
public final class ProviderRules {
  private ProviderRules() {}

  public static ProviderCheck all() {
    Models models = new Models(folder -> Path.of(folder).resolve("schemas"));
    return new ProviderCheck(
        List.of(
            new RouteRules(),
            new FolderRules(name -> models.find(null, name).isPresent()),
            new FixtureRules(),
            new ModelRules(
                (folder, model, field) -> models.check(folder.toString(), model).canHave(field)),
            Mappings::check));
  }
}
