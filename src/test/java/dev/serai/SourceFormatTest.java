package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The formatter, run where JDK 25 runs: Maven itself may be on an older JVM that cannot parse our
 * sources. {@code mvn -q test -Dtest=SourceFormatTest -Dformat=apply} rewrites instead of refusing.
 */
class SourceFormatTest {

  @Test
  void every_source_file_is_formatted() throws Exception {
    boolean apply = "apply".equals(System.getProperty("format"));
    List<String> unformatted = new ArrayList<>();
    try (var files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        String formatted =
            new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(source));
        if (!formatted.equals(source)) {
          unformatted.add(file.toString());
          if (apply) {
            Files.writeString(file, formatted);
          }
        }
      }
    }

    if (!apply) {
      assertThat(unformatted)
          .as("run: mvn -q test -Dtest=SourceFormatTest -Dformat=apply")
          .isEmpty();
    }
  }
}
