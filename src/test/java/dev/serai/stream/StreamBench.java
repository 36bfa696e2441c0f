package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.HttpProviderClient;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.provider.Catalogue;
import dev.serai.support.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A provider on loopback, its provider.yaml, and readers over the real client. */
final class StreamBench implements AutoCloseable {
  static final Instant NOW = Instant.parse("2024-06-01T00:00:00Z");

  final FakeProvider provider = new FakeProvider();
  final Catalogue catalogue;
  final Streams streams;
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));

  /**
   * @param stream the YAML under {@code streams.items}, unindented
   */
  StreamBench(Path folder, String stream) {
    this(folder, stream, "");
  }

  StreamBench(Path folder, String stream, String more) {
    try {
      Path fake = Files.createDirectories(folder.resolve("fake"));
      Files.writeString(
          fake.resolve("provider.yaml"),
          """
          name: fake
          display_name: Fake
          auth: {type: none}
          base_url: %s
          retry: {max_attempts: 1}
          %s
          streams:
            items:
          %s
          """
              .formatted(provider.url(), more, stream.indent(4)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    catalogue = Catalogue.load(List.of(folder));
    if (!catalogue.problems().isEmpty()) {
      throw new IllegalArgumentException(catalogue.problems().toString());
    }
    InstantSource clock = InstantSource.fixed(NOW);
    streams =
        new ProviderStreams(
            new HttpProviderClient(
                http, () -> catalogue, connection -> Grant.of(new Credentials.None()), 64L << 20),
            () -> catalogue,
            clock);
  }

  Connection connection() {
    return new Connection(1, 1, "dev", 1, "fake", "fake", "c1", "t", Json.object(), null, null);
  }

  StreamReader open(boolean full, JsonNode checkpoint, JsonNode position) {
    return streams.open(connection(), "items", full, checkpoint, position);
  }

  /** Reads to the end. */
  List<StreamPage> all(boolean full, JsonNode checkpoint) {
    return rest(open(full, checkpoint, null));
  }

  static List<StreamPage> rest(StreamReader reader) {
    List<StreamPage> pages = new ArrayList<>();
    do {
      pages.add(reader.next());
      if (pages.size() > 5_000) {
        throw new AssertionError("the read does not end");
      }
    } while (!pages.getLast().last());
    return pages;
  }

  static List<Integer> ids(List<StreamPage> pages) {
    List<Integer> ids = new ArrayList<>();
    pages.forEach(page -> page.records().forEach(row -> ids.add(row.get("id").intValue())));
    return ids;
  }

  /** The last checkpoint given; null: none was. */
  static JsonNode checkpoint(List<StreamPage> pages) {
    return pages.stream()
        .map(StreamPage::checkpoint)
        .filter(c -> c != null)
        .reduce((a, b) -> b)
        .orElse(null);
  }

  static List<String> cursors(List<StreamPage> pages) {
    return pages.stream()
        .map(p -> p.checkpoint() == null ? "-" : p.checkpoint().path("cursor").asText())
        .collect(Collectors.toList());
  }

  @Override
  public void close() {
    http.close();
    provider.close();
  }
}
