package dev.serai.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Collects an answer before its first byte is sent, so that a failure in the middle is still a
 * proper error; beyond a few megabytes in a file and not on the heap. Not thread-safe.
 */
final class Spool extends OutputStream {
  private static final int IN_MEMORY = 4 << 20;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private @Nullable OutputStream toFile;

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (toFile == null && memory.size() + length > IN_MEMORY) {
      spill();
    }
    if (toFile == null) {
      memory.write(bytes, offset, length);
    } else {
      toFile.write(bytes, offset, length);
    }
  }

  private void spill() throws IOException {
    file = Files.createTempFile("serai-answer", ".json");
    toFile = Files.newOutputStream(file);
    memory.writeTo(toFile);
    memory.reset();
  }

  /** The answer; the file is unlinked while it is read, so that nothing stays behind. */
  ApiReply reply() throws IOException {
    if (toFile == null || file == null) {
      return ApiReply.bytes(memory.toByteArray());
    }
    toFile.close();
    ApiReply reply = ApiReply.streamed(Files.newInputStream(file));
    Files.delete(file);
    return reply;
  }

  /** Throws away what was collected, if it was not answered. */
  @Override
  public void close() throws IOException {
    if (toFile != null && file != null) {
      toFile.close();
      Files.deleteIfExists(file);
    }
  }
}
