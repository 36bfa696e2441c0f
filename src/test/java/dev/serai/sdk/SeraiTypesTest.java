package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The types of Serai's own module, by the TypeScript compiler: {@code mvn -B verify -Psdk}. */
@Tag("sdk")
@Timeout(400)
class SeraiTypesTest {
  private static final Path FOLDER = Path.of("target/sdk-types").toAbsolutePath();
  private static final List<String> COMPILE =
      List.of(
          "node",
          "node_modules/typescript/bin/tsc",
          "--strict",
          "--noEmit",
          "--allowJs",
          "--checkJs",
          "--target",
          "es2022",
          "--module",
          "nodenext",
          "--lib",
          "es2022,dom,dom.iterable,dom.asynciterable",
          "--types",
          "node");

  @Test
  void the_module_and_a_customer_who_uses_it_have_the_types_that_they_say() throws Exception {
    assumeTrue(Node.works("npm") && Node.works("node"), "npm or node is not installed");
    Node.install(FOLDER, "typescript@5.9.3", "@types/node@20.19.25");
    copy("src/main/resources/web/sdk/serai.js");
    copy("src/test/sdk/consumer.ts");
    Files.writeString(FOLDER.resolve("package.json"), "{\"private\":true,\"type\":\"module\"}");

    List<String> command =
        Stream.concat(COMPILE.stream(), Stream.of("serai.js", "consumer.ts")).toList();
    try (Node compiler = Node.start(FOLDER, command, Map.of())) {
      assertThat(compiler.succeeds(120)).isEmpty();
    }
  }

  private static void copy(String file) throws Exception {
    Path path = Path.of(file);
    Files.copy(path, FOLDER.resolve(path.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }
}
