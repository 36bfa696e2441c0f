package dev.serai.app;

import dev.serai.api.TrustedProxies;
import dev.serai.database.DatabaseAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this Serai runs, read once and checked whole before anything starts.
 *
 * @param visible the settings that routes may read by {@code {{key}}}; no secret among them
 */
public record Settings(
    Folders folders,
    Listening listening,
    Addresses addresses,
    Secrets secrets,
    Outgoing outgoing,
    Syncing syncing,
    Records records,
    ModelSettings models,
    Sample sample,
    LogFormat logFormat,
    Map<String, String> visible) {

  /** How log lines are written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  /**
   * @param home where application.properties, routes/ and providers/ are
   * @param data what is kept
   * @param providers folders whose children are providers; the built-in one first
   * @param routes folders of platform routes; the built-in one first
   */
  public record Folders(Path home, Path data, List<Path> providers, List<Path> routes) {
    /** What Serai is made of; without it there is no API. */
    List<Path> builtInRoutes() {
      return routes.stream().filter(this::isBuiltIn).toList();
    }

    /** What an operator added. */
    List<Path> addedRoutes() {
      return routes.stream().filter(folder -> !isBuiltIn(folder)).toList();
    }

    private boolean isBuiltIn(Path folder) {
      return folder.equals(home.resolve("routes"));
    }
  }

  /**
   * @param trustedProxies whose word about the caller's address is believed
   * @param rateLimit requests of one environment per minute
   * @param webhookRateLimit webhooks from a provider, of one integration per minute; 0: any number
   * @param frameAncestors who may frame the Connect page, as Content-Security-Policy says it
   */
  public record Listening(
      String bind,
      int port,
      int managementPort,
      TrustedProxies trustedProxies,
      int rateLimit,
      int webhookRateLimit,
      String frameAncestors) {}

  /**
   * How others reach us.
   *
   * @param own without a slash at the end, e.g. {@code https://serai.example.com}
   * @param connect the Connect page, with a slash at the end
   */
  public record Addresses(URI own, URI connect) {}

  /**
   * @param database the external database; null: embedded
   * @param encryptionKey null: kept in the data folder
   * @param nextEncryptionKey for a change of the master key; null: none is planned
   * @param devKey null: kept in the data folder
   */
  public record Secrets(
      @Nullable DatabaseAddress database,
      @Nullable MasterKeySource encryptionKey,
      @Nullable MasterKeySource nextEncryptionKey,
      @Nullable UUID devKey) {

    @Override
    public String toString() {
      return "Secrets[hidden]";
    }
  }

  /**
   * @param webhookUrl the primary endpoint of the environment dev; null: as stored
   */
  public record Outgoing(List<String> allow, @Nullable URI egressProxy, @Nullable URI webhookUrl) {}

  /**
   * @param node null: kept in the data folder
   */
  public record Syncing(
      @Nullable String node,
      int concurrency,
      int connections,
      Duration lease,
      Duration heartbeat,
      Duration refreshLease) {

    /** A stopped process must have lost its transaction before it has lost its lease. */
    public Duration transaction() {
      return lease.dividedBy(2);
    }
  }

  /**
   * @param encrypt payloads are stored sealed, by the data key of their connection
   */
  public record Records(boolean encrypt) {}

  public record Sample(boolean enabled, int port) {
    /** The small backend that receives webhooks sits beside the helpdesk. */
    int backendPort() {
      return port + 1;
    }
  }

  private static final Pattern UUID_V4 =
      Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  /** Reads {@code application.properties} in the home folder and the environment. */
  public static Settings read(Path home, Map<String, String> environment) {
    return SettingsReader.read(home, environment);
  }

  /** From where the master key is to be had. */
  MasterKeySource masterKey() {
    MasterKeySource given = secrets.encryptionKey();
    return given != null
        ? given
        : new MasterKeySource.Kept(folders.data().resolve("encryption.key"));
  }

  static UUID uuidV4(String text) {
    if (!UUID_V4.matcher(text).matches()) {
      throw new IllegalArgumentException("make one with: uuidgen -r");
    }
    return UUID.fromString(text);
  }
}
