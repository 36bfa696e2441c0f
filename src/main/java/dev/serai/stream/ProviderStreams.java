package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.SeraiException;
import dev.serai.connection.Connection;
import dev.serai.connection.ProviderCall;
import dev.serai.connection.ProviderClient;
import dev.serai.connection.Rendering;
import dev.serai.http.HttpAnswer;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Catalogue;
import dev.serai.provider.CursorFormat;
import dev.serai.provider.Pagination;
import dev.serai.provider.Provider;
import dev.serai.provider.StreamSpec;
import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.stream.StreamException.ErrorClass;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the streams that {@code provider.yaml} files declare, over a {@link ProviderClient}. */
public final class ProviderStreams implements Streams {
  private final ProviderClient client;
  private final Supplier<Catalogue> catalogue;
  private final InstantSource clock;

  /** Streams whose rows were once seen out of order: re-anchoring cannot be trusted there. */
  private final Set<String> unordered = ConcurrentHashMap.newKeySet();

  /**
   * @param catalogue the snapshot in force; a reader keeps the one it was opened with
   */
  public ProviderStreams(
      ProviderClient client, Supplier<Catalogue> catalogue, InstantSource clock) {
    this.client = client;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  @Override
  public StreamReader open(
      Connection connection,
      String stream,
      boolean full,
      @Nullable JsonNode checkpoint,
      @Nullable JsonNode position) {
    Provider provider = provider(connection.provider());
    StreamSpec spec = stream(provider, stream);
    PagedReader.Source source =
        new PagedReader.Source(
            call -> client.call(connection, call),
            call ->
                call.path().matches("(?i)https?://.*")
                    ? call.path()
                    : Rendering.baseUrl(provider, connection.config()) + call.path(),
            clock,
            connection.label());
    return new PagedReader(
        spec,
        source,
        new PageCalls(spec, Rendering.values(connection.config()), full),
        progress(spec, full, checkpoint, position),
        full,
        () -> unordered.add(key(provider.name(), stream)));
  }

  @Override
  public Facts facts(String provider, String stream) {
    StreamSpec spec = stream(provider(provider), stream);
    boolean anchored = new Reanchor(spec).declared() && !unordered.contains(key(provider, stream));
    boolean numbered =
        spec.pagination() instanceof Pagination.Page
            || spec.pagination() instanceof Pagination.Offset;
    return new Facts(
        switch (spec.deletes()) {
          case StreamSpec.Deletes.None none -> Deletes.NONE;
          case StreamSpec.Deletes.Field field -> Deletes.FIELD;
          case StreamSpec.Deletes.FullDiff diff -> Deletes.FULL_DIFF;
          case StreamSpec.Deletes.Verify verify -> Deletes.VERIFY;
        },
        numbered && !anchored,
        spec.incremental() != null,
        spec.fullEveryRuns(),
        spec.fullEvery().toSeconds(),
        spec.maxDeleteRatio());
  }

  @Override
  public boolean gone(Connection connection, String stream, String externalId) {
    StreamSpec spec = stream(provider(connection.provider()), stream);
    Answers answers = new Answers(spec, connection.label());
    if (!(spec.deletes() instanceof StreamSpec.Deletes.Verify verify)) {
      throw answers.exception(
          "no_verify", ErrorClass.SYSTEM, "declares no way to ask for one record");
    }
    try {
      HttpAnswer answer =
          client.call(
              connection,
              ProviderCall.get(verify.path().replace("{id}", OutgoingUri.encode(externalId))));
      if (verify.gone().contains(answer.status())) {
        return true;
      }
      if (answer.ok()) {
        return false;
      }
      throw answers.refused(answer.status());
    } catch (StreamException e) {
      throw e;
    } catch (SeraiException e) {
      throw answers.noAnswer(e);
    }
  }

  private Progress progress(
      StreamSpec spec, boolean full, @Nullable JsonNode checkpoint, @Nullable JsonNode position) {
    String kind = spec.pagination().getClass().getSimpleName();
    if (position != null && position.path("kind").asText().equals(kind)) {
      return Progress.of(position);
    }
    Progress progress = new Progress(kind);
    progress.number = Pager.first(spec.pagination());
    Incremental incremental = spec.incremental();
    if (incremental != null) {
      begin(progress, incremental, full, Watermark.read(checkpoint, incremental.format()));
    }
    return progress;
  }

  private void begin(
      Progress progress, Incremental incremental, boolean full, @Nullable String checkpoint) {
    CursorFormat format = incremental.format();
    progress.base = checkpoint;
    progress.given = checkpoint;
    BigDecimal from = incremental.start();
    if (!full && checkpoint != null) {
      BigDecimal back = format.ofText(checkpoint).subtract(incremental.overlap());
      from = from == null ? back : from.max(back);
    }
    progress.from = from == null ? null : format.text(from);
    if (format.datetime()) {
      progress.until = format.text(CursorFormat.of(clock.instant()).subtract(incremental.settle()));
    }
  }

  private Provider provider(String name) {
    return catalogue
        .get()
        .find(name)
        .orElseThrow(() ->
            new StreamException(
                "unknown_provider",
                ErrorClass.SYSTEM,
                "provider " + name + " is not loaded: run `./serai providers check`"));
  }

  private static StreamSpec stream(Provider provider, String name) {
    StreamSpec spec = provider.streams().get(name);
    if (spec == null) {
      throw new StreamException(
          "unknown_stream",
          ErrorClass.SYSTEM,
          "provider %s declares no stream '%s'; it has %s"
              .formatted(provider.name(), name, provider.streams().keySet()));
    }
    return spec;
  }

  private static String key(String provider, String stream) {
    return provider + "/" + stream;
  }
}
