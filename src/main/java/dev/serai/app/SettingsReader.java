package dev.serai.app;

import dev.serai.api.TrustedProxies;
import dev.serai.app.Settings.Addresses;
import dev.serai.app.Settings.Folders;
import dev.serai.app.Settings.Listening;
import dev.serai.app.Settings.LogFormat;
import dev.serai.app.Settings.Outgoing;
import dev.serai.app.Settings.Records;
import dev.serai.app.Settings.Sample;
import dev.serai.app.Settings.Secrets;
import dev.serai.app.Settings.Syncing;
import dev.serai.database.DatabaseAddress;
import dev.serai.http.Cidr;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes {@link Settings} of what is given, or refuses it whole. */
final class SettingsReader {
  private static final Pattern FRAME_ANCESTORS =
      Pattern.compile(
          "\\*|'none'|(?:'self'|https?://[A-Za-z0-9.*:-]+)(?: +(?:'self'|https?://[A-Za-z0-9.*:-]+))*");

  private SettingsReader() {}

  /** Reads {@code application.properties} in the home folder and the environment. */
  static Settings read(Path home, Map<String, String> environment) {
    SettingsSource source =
        new SettingsSource(
            SettingsSource.readFile(home.resolve("application.properties")), environment);
    Settings settings =
        new Settings(
            folders(home, source),
            listening(source),
            addresses(source),
            secrets(home, source),
            outgoing(source),
            syncing(source),
            new Records(source.flag("serai.records.encrypt")),
            ModelSettings.read(source),
            new Sample(source.flag("serai.sample"), source.number("serai.sample.port", 1, 65_534)),
            source.choice("serai.log.format", LogFormat.class),
            visible(home, source));
    refuseContradictions(settings, source);
    return settings;
  }

  private static Map<String, String> visible(Path home, SettingsSource source) {
    Map<String, String> visible = source.visible();
    visible.put("serai.home", home.toString());
    return visible;
  }

  private static Folders folders(Path home, SettingsSource source) {
    return new Folders(
        home,
        home.resolve(source.text("serai.data")).normalize(),
        existing(home, "providers", source, "serai.providers"),
        existing(home, "routes", source, "serai.routes"));
  }

  private static List<Path> existing(Path home, String builtIn, SettingsSource source, String key) {
    List<Path> more =
        source.list(key).stream().map(folder -> home.resolve(folder).normalize()).toList();
    for (Path folder : more) {
      if (!Files.isDirectory(folder)) {
        throw source.wrong(key, folder.toString(), "folders that exist, separated by commas");
      }
    }
    Path first = home.resolve(builtIn);
    return Files.isDirectory(first)
        ? Stream.concat(Stream.of(first), more.stream()).toList()
        : more;
  }

  private static Listening listening(SettingsSource source) {
    return new Listening(
        source.text("serai.bind"),
        port(source, "serai.port"),
        port(source, "serai.management.port"),
        new TrustedProxies(
            source.list(
                "serai.trusted.proxies",
                "addresses or CIDR blocks, separated by commas",
                Cidr::parse)),
        source.number("serai.api.rate.limit", 1, 10_000_000),
        source.number("serai.webhook.rate.limit", 0, 10_000_000),
        frameAncestors(source));
  }

  /** Only words that cannot end the directive, or the header. */
  private static String frameAncestors(SettingsSource source) {
    String key = "serai.connect.frame.ancestors";
    String value = source.text(key);
    if (!FRAME_ANCESTORS.matcher(value).matches()) {
      throw source.wrong(key, value, "*, 'self', 'none' or origins separated by blanks");
    }
    return value;
  }

  private static Addresses addresses(SettingsSource source) {
    String own =
        source
            .url("serai.public.url", "https", "http")
            .map(URI::toString)
            .orElseGet(() -> here(source.text("serai.bind"), port(source, "serai.port")));
    String base = own.replaceAll("/+$", "");
    String connect =
        source
            .url("serai.connect.url", "https", "http")
            .map(URI::toString)
            .orElse(base + "/connect");
    return new Addresses(URI.create(base), URI.create(connect.replaceAll("/+$", "") + "/"));
  }

  /** What listens on every address is reached by loopback, as long as nobody says more. */
  private static String here(String bind, int port) {
    String host = bind.equals("0.0.0.0") || bind.contains(":") ? "127.0.0.1" : bind;
    return "http://" + host + ":" + port;
  }

  private static int port(SettingsSource source, String key) {
    return source.number(key, 1, 65_535);
  }

  private static Secrets secrets(Path home, SettingsSource source) {
    return new Secrets(
        source
            .optional(
                "serai.database.url",
                "like postgresql://user:password@host:5432/database",
                DatabaseAddress::parse)
            .orElse(null),
        MasterKeySettings.read(source, home, "serai.encryption.key").orElse(null),
        MasterKeySettings.read(source, home, "serai.encryption.key.next").orElse(null),
        source.optional("serai.secret.key.dev", "a UUID v4", Settings::uuidV4).orElse(null));
  }

  private static Outgoing outgoing(SettingsSource source) {
    return new Outgoing(
        source.list("serai.outgoing.allow"),
        source.url("serai.egress.proxy", "http").orElse(null),
        source.url("serai.webhook.url", "https", "http").orElse(null));
  }

  private static Syncing syncing(SettingsSource source) {
    return new Syncing(
        source.optional("serai.node").orElse(null),
        source.number("serai.sync.concurrency", 1, 1_000),
        source.number("serai.database.connections", 4, 500),
        source.duration("serai.sync.lease", Duration.ofSeconds(4)),
        source.duration("serai.sync.heartbeat", Duration.ofMillis(200)),
        source.duration("serai.refresh.lease", Duration.ofSeconds(1)));
  }

  private static void refuseContradictions(Settings settings, SettingsSource source) {
    if (settings.secrets().database() != null && settings.secrets().encryptionKey() == null) {
      throw new SettingsException(
          "serai.encryption.key is missing; with an external database every node needs the same one."
              + " Make one (openssl rand -base64 32) and set SERAI_ENCRYPTION_KEY");
    }
    if (settings.syncing().heartbeat().multipliedBy(3).compareTo(settings.syncing().lease()) > 0) {
      throw source.wrong(
          "serai.sync.heartbeat",
          source.text("serai.sync.heartbeat"),
          "at most a third of serai.sync.lease");
    }
    Optional<String> twice = samePort(settings.listening(), settings.sample());
    if (twice.isPresent()) {
      throw source.wrong(twice.get(), source.text(twice.get()), "a port no other setting uses");
    }
  }

  private static Optional<String> samePort(Listening listening, Sample sample) {
    if (listening.managementPort() == listening.port()) {
      return Optional.of("serai.management.port");
    }
    boolean clash =
        sample.port() == listening.port() || sample.port() == listening.managementPort();
    return sample.enabled() && clash ? Optional.of("serai.sample.port") : Optional.empty();
  }
}
