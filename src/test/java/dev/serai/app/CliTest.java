package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CliTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bogus       | serai: Unmatched argument at index 0: 'bogus'; see 'serai help'",
        "run --quick | serai: Unknown option: '--quick'; see 'serai help run'",
        "providers   | serai: list or check; see 'serai help providers'",
        "bench       | serai: nothing to measure given; see 'serai help bench'",
      })
  void wrong_usage_is_one_line_with_the_remedy(String arguments, String line) {
    int code = run(arguments.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo(line);
  }

  @Test
  void no_command_is_wrong_usage_too() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("serai: no command given; see 'serai help'");
  }

  @Test
  void help_names_every_command() {
    assertThat(run("help")).isZero();
    assertThat(out.toString()).contains("run", "bench", "providers", "version", "help");
  }

  @Test
  void a_broken_provider_is_named_with_file_line_and_remedy() throws Exception {
    Path provider = Files.createDirectories(folder.resolve("crm"));
    Files.writeString(
        provider.resolve("provider.yaml"),
        "name: crm\ndisplay_name: CRM\nauth: {type: none}\nbase_url: https://api.example\ncolour: blue\n");

    assertThat(run("providers", "check", folder.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("crm/provider.yaml:5: ", "colour", "README.md", "2 to put right");
  }

  @Test
  void the_providers_that_come_with_serai_are_whole() {
    assertThat(run("providers", "check", "providers")).as(out.toString()).isZero();
  }

  private int run(String... arguments) {
    CommandLine command =
        Cli.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
