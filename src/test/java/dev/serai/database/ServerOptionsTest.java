package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
  private static final long GB = 1L << 30;

  @Test
  void the_server_takes_its_share_of_the_machine_within_bounds() {
    assertThat(ServerOptions.sized(GB))
        .isEqualTo(
            Map.of(
                "shared_buffers", "256MB",
                "effective_cache_size", "512MB",
                "maintenance_work_mem", "64MB"));
    assertThat(ServerOptions.sized(8 * GB))
        .containsEntry("shared_buffers", "1024MB")
        .containsEntry("effective_cache_size", "4096MB");
    assertThat(ServerOptions.sized(256 * GB))
        .containsEntry("shared_buffers", "4096MB")
        .containsEntry("maintenance_work_mem", "512MB");
  }

  @Test
  void tests_stay_small_whatever_the_machine() {
    assertThat(ServerOptions.of(Path.of("data"), 1, Path.of("logs"), false))
        .contains("shared_buffers=64MB", "maintenance_work_mem=128MB");
    assertThat(ServerOptions.of(Path.of("data"), 1, Path.of("logs"), true))
        .anyMatch(option -> option.startsWith("shared_buffers=") && !option.endsWith("=64MB"))
        .contains("fsync=on", "full_page_writes=on", "synchronous_commit=on");
  }
}
