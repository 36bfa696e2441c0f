package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.HttpProviderClient;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.provider.Catalogue;
import dev.serai.stream.ProviderStreams;
import dev.serai.stream.Streams;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A provider over HTTP whose list is read in three ways, and which lists wrongly when told to.
 * {@code chain} follows tokens, {@code numbered} counts from the beginning, {@code asked} follows
 * tokens and can be asked for one record.
 */
final class ListedProvider implements AutoCloseable {
  /** What comes instead of the right answer. */
  interface Fault {
    Fault NONE = (listing, right) -> right;

    Answer answer(Listing listing, Answer right);
  }

  /**
   * @param read which read of this stream this is, from 1 since the fault began
   * @param page of the read, from 0
   */
  record Listing(ListedProvider provider, String stream, int read, int page, int from) {
    /** The page that begins there, as if it were the right one. */
    Answer pageFrom(int other) {
      return provider.page(stream, other);
    }

    /** Without a pointer to what follows, if the list is to end after so many rows. */
    Answer last(Answer right, int ceiling) {
      return from + provider.size < ceiling
          ? right
          : Answer.json(
              Json.write(
                  ((ObjectNode) Json.parse(new String(right.body(), StandardCharsets.UTF_8)))
                      .put("next", (String) null)));
    }

    Answer items(boolean more) {
      ObjectNode body = Json.object();
      body.putArray("items");
      return Answer.json(Json.write(body.put("next", more ? "t" + (from + provider.size) : null)));
    }
  }

  final Map<String, String> truth = new TreeMap<>();
  final Streams streams;
  private final int size;
  private final FakeProvider http = new FakeProvider();
  private final OutgoingHttp outgoing = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private final Map<String, Integer> reads = new TreeMap<>();
  private final Map<String, UnaryOperator<List<String>>> views = new TreeMap<>();
  private Fault fault = Fault.NONE;
  private Runnable afterPage = () -> {};

  ListedProvider(Path folder, int rows, int size) {
    this.size = size;
    for (int i = 0; i < rows; i++) {
      truth.put("%06d".formatted(i), "Row " + i);
    }
    Catalogue catalogue = catalogue(folder);
    streams =
        new ProviderStreams(
            new HttpProviderClient(
                outgoing,
                () -> catalogue,
                connection -> Grant.of(new Credentials.None()),
                64L << 20),
            () -> catalogue,
            InstantSource.system());
    http.answering(this::answer);
  }

  private Catalogue catalogue(Path folder) {
    try {
      Path desk = Files.createDirectories(folder.resolve(SyncWorld.PROVIDER));
      String tokens =
          "{type: cursor, path: .next, into: {query: cursor}, size: %d, size_into: {query: limit}}";
      String numbers = "{type: offset, into: {query: offset}, size: %d, size_into: {query: limit}}";
      Files.writeString(
          desk.resolve("provider.yaml"),
          """
          name: desk
          display_name: Desk
          auth: {type: none}
          base_url: %s
          retry: {max_attempts: 1}
          streams:
            chain: {request: {path: /chain}, records: {path: .items, filter: '.title != "filtered"'}, pagination: %s, deletes: full_diff}
            numbered: {request: {path: /numbered}, records: {path: .items}, pagination: %s, deletes: full_diff}
            second: {request: {path: /second}, records: {path: .items}, pagination: %s, deletes: full_diff}
            asked: {request: {path: /asked}, records: {path: .items}, pagination: %s, deletes: {verify: {path: "/items/{id}"}}}
          """
              .formatted(
                  http.url(),
                  tokens.formatted(size),
                  numbers.formatted(size),
                  numbers.formatted(size),
                  tokens.formatted(size)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Catalogue catalogue = Catalogue.load(List.of(folder));
    if (!catalogue.problems().isEmpty()) {
      throw new IllegalArgumentException(catalogue.problems().toString());
    }
    return catalogue;
  }

  /** Counts reads anew. */
  synchronized void suffer(Fault next) {
    fault = next;
    reads.clear();
  }

  /** What the stream lists of the ids there are. */
  synchronized void shows(String stream, UnaryOperator<List<String>> view) {
    views.put(stream, view);
  }

  /** Run after each page, as others change the list while it is read. */
  synchronized void afterPage(Runnable move) {
    afterPage = move;
  }

  private synchronized Answer answer(Request request) {
    if (request.path().startsWith("/items/")) {
      String id = request.path().substring("/items/".length());
      return truth.containsKey(id) ? Answer.json("{}") : Answer.status(404);
    }
    String stream = request.path().substring(1);
    int from =
        request.query().containsKey("cursor")
            ? Integer.parseInt(request.query().get("cursor").substring(1))
            : request.number("offset", 0);
    int read = from == 0 ? reads.merge(stream, 1, Integer::sum) : reads.getOrDefault(stream, 1);
    Listing listing = new Listing(this, stream, read, from / size, from);
    Answer answer = fault.answer(listing, page(stream, from));
    afterPage.run();
    return answer;
  }

  private synchronized Answer page(String stream, int from) {
    List<String> all =
        views.getOrDefault(stream, UnaryOperator.identity()).apply(new ArrayList<>(truth.keySet()));
    ObjectNode body = Json.object();
    var items = body.putArray("items");
    int end = Math.min(all.size(), from + size);
    for (String id : all.subList(Math.min(from, end), end)) {
      items.addObject().put("id", id).put("title", truth.get(id));
    }
    return Answer.json(Json.write(body.put("next", end < all.size() ? "t" + end : null)));
  }

  @Override
  public void close() {
    outgoing.close();
    http.close();
  }
}
