package dev.serai.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.app.ProviderRules;
import dev.serai.connection.Connection;
import dev.serai.http.LoopbackDoor;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.provider.Provider;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import dev.serai.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/adding-a-provider.md, followed to the letter. */
class AddingAProviderTest {
  private static final Pattern FILE =
      Pattern.compile(
          "^`(providers/[^`]+)`\n```\\w+\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  @BeforeEach
  void the_files_of_the_page() throws IOException {
    Matcher files = FILE.matcher(Files.readString(Path.of("docs/adding-a-provider.md")));
    while (files.find()) {
      Path file = folder.resolve(files.group(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, files.group(2));
    }
  }

  @Test
  void the_files_keep_every_rule() {
    assertThat(folder.resolve("providers/gitea")).isDirectoryContaining("glob:**/README.md");
    assertThat(ProviderRules.all().check(folder.resolve("providers"))).isEmpty();
  }

  @Test
  void the_recorded_conversation_holds() throws Exception {
    try (FakeProvider server = new FakeProvider();
        OutgoingHttp door = LoopbackDoor.to(server.port());
        ProviderBench bench = bench(door)) {
      Provider gitea = bench.catalogue.find("gitea").orElseThrow();
      Path fixture = gitea.folder().resolve("tests/gitea-sync-issues.json");
      for (JsonNode one : Json.parse(Files.readString(fixture)).path("cases")) {
        new FixtureCase(bench, server, gitea, "gitea-sync-issues", one).hold();
      }
    }
  }

  @Test
  void a_sync_reads_a_server_that_pages_by_link() throws Exception {
    try (FakeProvider server = new FakeProvider();
        OutgoingHttp door = new OutgoingHttp(OutgoingSettings.allowing(server.address()));
        ProviderBench bench = bench(door)) {
      server.answering(request -> page(server, request));
      Connection connection =
          bench.connect(
              "gitea", Json.object().put("url", server.url()).put("repository", "harbour/cranes"));

      bench.run(bench.sync(connection, "issues"), false);

      assertThat(
              bench.json(
                  "select json_agg(data->>'title' order by external_id)::text from record where deleted_at is null"))
          .isEqualTo(Json.parse("[\"Issue 1\", \"Issue 2\", \"Issue 3\"]"));
      assertThat(bench.messages)
          .singleElement()
          .satisfies(m -> assertThat(m.body().at("/responseResults/added").asInt()).isEqualTo(3));
    }
  }

  /** Newest first, one to a page. */
  private static Answer page(FakeProvider server, Request request) {
    assertThat(request.path()).isEqualTo("/api/v1/repos/harbour/cranes/issues");
    assertThat(request.headers()).containsEntry("authorization", "token " + Conversation.SECRET);
    int page = request.number("page", 1);
    int number = 4 - page;
    Answer answer =
        Answer.json(
            """
            [{"id": 90%d, "number": %d, "title": "Issue %d", "state": "open", "user": {"id": 7},
              "created_at": "2026-01-0%dT08:00:00Z", "updated_at": "2026-01-0%dT08:00:00+01:00"}]
            """
                .formatted(number, number, number, number, number));
    String next = "<%s%s?page=%d>; rel=\"next\"".formatted(server.url(), request.path(), page + 1);
    return number > 1 ? answer.with("Link", next) : answer;
  }

  private ProviderBench bench(OutgoingHttp door) throws Exception {
    return new ProviderBench(postgres, List.of(folder.resolve("providers")), door);
  }
}
