package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.Marked;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServerEnvironmentTest {
  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX) // where what a process was started with can be read
  void the_embedded_server_is_started_without_our_settings() throws Exception {
    try (SeraiProcess serai =
        new SeraiProcess(folder).with("SERAI_ENCRYPTION_KEY", Marked.MASTER_KEY).start()) {
      assertThat(environment(serai.pid())).contains("SERAI_ENCRYPTION_KEY=", "PATH=");

      assertThat(environment(serai.postgres().orElseThrow()))
          .contains("PATH=")
          .doesNotContain("SERAI_", Marked.MASTER_KEY);
    }
  }

  private static String environment(long process) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of("/proc/" + process + "/environ"));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
