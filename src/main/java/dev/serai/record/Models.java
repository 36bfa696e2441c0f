package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.serai.Json;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds models by name without regard to case: the unified ones ({@code ticket} is {@code Ticket}),
 * then the provider's own from its {@code schemas/} folder. Any other name is a raw model: kept as
 * it is, unchecked. Each schema is compiled once. Thread-safe.
 */
public final class Models {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(true)
                      .pathType(PathType.JSON_PATH)
                      .losslessNarrowing(true)
                      .build()));

  private final Map<String, ModelCheck> unified = compiled(SchemaFiles.unified());
  private final Map<String, Map<String, ModelCheck>> own = new ConcurrentHashMap<>();
  private final Function<String, @Nullable Path> schemaFolders;

  /**
   * @param schemaFolders from a provider's name to its {@code schemas/} folder; null or a folder
   *     that does not exist: it has none
   */
  public Models(Function<String, @Nullable Path> schemaFolders) {
    this.schemaFolders = schemaFolders;
  }

  /** The unified models only. */
  public static Models unifiedOnly() {
    return new Models(provider -> null);
  }

  /** The name as the model itself spells it; a raw model's name as it stands. */
  public String canonical(@Nullable String provider, String name) {
    return check(provider, name).model();
  }

  /** The check for a model, which passes everything if no schema is known by this name. */
  public ModelCheck check(@Nullable String provider, String name) {
    return find(provider, name).orElseGet(() -> new ModelCheck(name, null));
  }

  /** The check for a model that has a schema. */
  public Optional<ModelCheck> find(@Nullable String provider, String name) {
    String key = name.toLowerCase(Locale.ROOT);
    ModelCheck check = unified.get(key);
    if (check == null && provider != null) {
      check = own.computeIfAbsent(provider, this::load).get(key);
    }
    return Optional.ofNullable(check);
  }

  /** Reads the provider's schemas again at the next look-up: its folder changed. */
  public void forget(String provider) {
    own.remove(provider);
  }

  /** Compiles a schema that is not a file of its own. */
  public static ModelCheck compile(String name, JsonNode schema) {
    Schema compiled = REGISTRY.getSchema(schema);
    compiled.initializeValidators();
    return new ModelCheck(name, compiled);
  }

  private Map<String, ModelCheck> load(String provider) {
    Path folder = schemaFolders.apply(provider);
    return folder == null ? Map.of() : compiled(SchemaFiles.in(folder));
  }

  private static Map<String, ModelCheck> compiled(Map<String, String> schemas) {
    Map<String, ModelCheck> checks = new ConcurrentHashMap<>();
    schemas.forEach((name, text) -> {
      try {
        checks.put(name.toLowerCase(Locale.ROOT), compile(name, Json.parse(text)));
      } catch (RuntimeException e) {
        throw new BrokenModel(name, e);
      }
    });
    return checks;
  }
}
