package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class RecordBenchTest {
  @TempDir Path folder;

  @Test
  void it_measures_everything_plain_and_sealed_and_unchanged_writes_no_row() throws Exception {
    Path json = folder.resolve("figures.json");
    StringWriter out = new StringWriter();

    int exit =
        Cli.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(
                "bench",
                "records",
                "--rows=2000",
                "--repetitions=1",
                "--full",
                "--grown=20000",
                "--json=" + json);

    assertThat(exit).as(out.toString()).isZero();
    JsonNode figures = Json.parse(Files.readString(json));
    assertThat(figures.path("lines").findValuesAsText("mode"))
        .containsOnly("plain", "sealed", "growth")
        .hasSize(18);
    assertThat(figures.path("lines").findValues("per_second"))
        .allSatisfy(value -> assertThat(value.asLong()).isPositive());
    assertThat(figures.path("beside").findValuesAsText("unchanged_rows_written"))
        .containsExactly("0", "0");
    assertThat(figures.path("heap").path("samples").asInt()).isGreaterThan(1);
    assertThat(out.toString()).contains("processors", "many small, unchanged", "met");
  }

  @Test
  void its_records_have_the_size_it_says() {
    for (int number = 0; number < 1_000; number++) {
      byte[] text =
          Json.write(BenchTickets.ticket(number, number % 3)).getBytes(StandardCharsets.UTF_8);
      assertThat(text).hasSize(BenchTickets.BYTES);
    }
  }
}
