package dev.serai.http;

import dev.serai.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** Reads an answer's body while counting what comes out of any decompression. */
final class BoundedBody {
  private static final int CHUNK = 64 * 1024;

  private BoundedBody() {}

  static byte[] read(@Nullable HttpEntity entity, long limit, String origin) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    if (entity.getContentLength() > limit) {
      throw tooLarge(limit, origin);
    }
    try (InputStream in = entity.getContent()) {
      if (in == null) {
        return new byte[0];
      }
      ByteArrayOutputStream out =
          new ByteArrayOutputStream(
              (int) Math.max(CHUNK, Math.min(entity.getContentLength(), limit)));
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (out.size() + (long) n > limit) {
          throw tooLarge(limit, origin);
        }
        out.write(chunk, 0, n);
      }
      return out.toByteArray();
    }
  }

  private static HttpFailure tooLarge(long limit, String origin) {
    return new HttpFailure(
        "answer_too_large",
        Origin.PROVIDER,
        "%s answered with more than the %,d bytes allowed here".formatted(origin, limit));
  }
}
