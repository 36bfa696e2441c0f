package dev.serai.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The values of the settings, wherever they come from: the environment wins over the file, the file
 * over the default. Knows every key, so that a misspelt one is refused instead of ignored.
 */
final class SettingsSource extends SettingsText {
  /** Every key with its default; application.properties documents each with the same value. */
  static final Map<String, String> DEFAULTS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("serai.port", "3003"),
              Map.entry("serai.bind", "127.0.0.1"),
              Map.entry("serai.public.url", ""),
              Map.entry("serai.connect.url", ""),
              Map.entry("serai.management.port", "3004"),
              Map.entry("serai.trusted.proxies", ""),
              Map.entry("serai.api.rate.limit", "6000"),
              Map.entry("serai.webhook.rate.limit", "0"),
              Map.entry("serai.connect.frame.ancestors", "*"),
              Map.entry("serai.data", "data"),
              Map.entry("serai.database.url", ""),
              Map.entry("serai.database.connections", "12"),
              Map.entry("serai.encryption.key", ""),
              Map.entry("serai.encryption.key.file", ""),
              Map.entry("serai.encryption.key.command", ""),
              Map.entry("serai.encryption.key.next", ""),
              Map.entry("serai.encryption.key.next.file", ""),
              Map.entry("serai.encryption.key.next.command", ""),
              Map.entry("serai.secret.key.dev", ""),
              Map.entry("serai.node", ""),
              Map.entry("serai.providers", ""),
              Map.entry("serai.routes", ""),
              Map.entry("serai.outgoing.allow", ""),
              Map.entry("serai.egress.proxy", ""),
              Map.entry("serai.webhook.url", ""),
              Map.entry("serai.sync.concurrency", "8"),
              Map.entry("serai.sync.lease", "60s"),
              Map.entry("serai.sync.heartbeat", "15s"),
              Map.entry("serai.refresh.lease", "10s"),
              Map.entry("serai.records.encrypt", "false"),
              Map.entry("serai.housekeeping.cron", "20 * * * * ?"),
              Map.entry("serai.log.format", "text"),
              Map.entry("serai.sample", "true"),
              Map.entry("serai.sample.port", "3005")));

  private static final List<String> SECRET =
      List.of(
          "serai.database.url",
          "serai.egress.proxy", // may hold a password
          "serai.encryption.key",
          "serai.encryption.key.command",
          "serai.encryption.key.next",
          "serai.encryption.key.next.command",
          "serai.secret.key.dev",
          "serai.webhook.url"); // may hold a token

  /** Variables of the launcher, which are not settings. */
  private static final List<String> NOT_SETTINGS = List.of("SERAI_HOME", "SERAI_JAVA_OPTIONS");

  private final Map<String, String> file;
  private final Map<String, String> environment;

  SettingsSource(Map<String, String> file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
    file.keySet().stream()
        .filter(key -> key.startsWith("serai.") && !key.startsWith(ModelSettings.PREFIX))
        .filter(key -> !DEFAULTS.containsKey(key))
        .findFirst()
        .ifPresent(SettingsSource::refuseUnknown);
    environment.keySet().stream()
        .filter(name -> name.startsWith("SERAI_") && !NOT_SETTINGS.contains(name))
        .filter(name -> !name.startsWith(variable(ModelSettings.PREFIX)))
        .filter(name -> DEFAULTS.keySet().stream().noneMatch(key -> variable(key).equals(name)))
        .findFirst()
        .ifPresent(SettingsSource::refuseUnknown);
  }

  private static void refuseUnknown(String name) {
    throw new SettingsException(
        name + " is not a setting; see application.properties for all of them");
  }

  static Map<String, String> readFile(Path file) {
    Map<String, String> values = new HashMap<>();
    if (Files.exists(file)) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingsException("Cannot read " + file + ": " + e.getMessage());
      }
      properties.forEach((key, value) -> values.put((String) key, ((String) value).strip()));
    }
    return values;
  }

  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The keys under a prefix that the file gives, and the variables that the environment gives. */
  List<String> given(String prefix) {
    return Stream.concat(
            file.keySet().stream().filter(key -> key.startsWith(prefix)),
            environment.keySet().stream().filter(name -> name.startsWith(variable(prefix))))
        .sorted()
        .toList();
  }

  @Override
  String text(String key) {
    String fromEnvironment = environment.get(variable(key));
    if (fromEnvironment != null) {
      return fromEnvironment.strip();
    }
    return file.getOrDefault(key, DEFAULTS.getOrDefault(key, ""));
  }

  @Override
  SettingsException wrong(String key, String value, String expected) {
    String shown = SECRET.contains(key) ? "[hidden]" : "'" + value + "'";
    return new SettingsException(
        "%s is %s; it must be %s. Set %s in application.properties or %s in the environment"
            .formatted(key, shown, expected, key, variable(key)));
  }

  /**
   * What routes may read by {@code {{key}}}: everything but the secrets, Camel's own keys included.
   */
  Map<String, String> visible() {
    Map<String, String> visible = new TreeMap<>();
    file.forEach((key, value) -> {
      if (!key.startsWith("serai.")) {
        visible.put(key, value);
      }
    });
    DEFAULTS.keySet().stream()
        .filter(key -> !SECRET.contains(key))
        .forEach(key -> visible.put(key, text(key)));
    return visible;
  }
}
