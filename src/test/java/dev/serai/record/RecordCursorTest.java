package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCursorTest {
  @Test
  void its_text_is_base64url_of_its_parts_and_reads_back() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      RecordCursor cursor = new RecordCursor(any(random), any(random), any(random));

      byte[] parts =
          ByteBuffer.allocate(24)
              .putLong(cursor.micros())
              .putLong(cursor.version())
              .putLong(cursor.since())
              .array();
      assertThat(cursor.toString())
          .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(parts));
      assertThat(RecordCursor.parse(cursor.toString())).isEqualTo(cursor);
    }
  }

  private static long any(Random random) {
    return random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
  }
}
