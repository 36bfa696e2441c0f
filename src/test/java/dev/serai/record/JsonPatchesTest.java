package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.flipkart.zjsonpatch.JsonPatch;
import dev.serai.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonPatchesTest {
  @Test
  void from_nothing_it_adds_and_to_nothing_it_removes() {
    assertThat(patch(null, "{\"id\":\"1\"}"))
        .isEqualTo("[{\"op\":\"add\",\"path\":\"\",\"value\":{\"id\":\"1\"}}]");
    assertThat(patch("{\"id\":\"1\"}", null)).isEqualTo("[{\"op\":\"remove\",\"path\":\"\"}]");
    assertThat(patch(null, null)).isEqualTo("[]");
  }

  @Test
  void it_names_what_differs_and_nothing_else() {
    assertThat(patch("{\"a\":1,\"b\":{\"c/d\":[1,2,3]}}", "{\"a\":2,\"b\":{\"c/d\":[1,3]}}"))
        .isEqualTo(
            "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":2},{\"op\":\"remove\",\"path\":\"/b/c~1d/1\"}]");
    assertThat(patch("{\"x\":1}", "{\"y\":1}"))
        .as("never a move")
        .isEqualTo(
            "[{\"op\":\"remove\",\"path\":\"/x\"},{\"op\":\"add\",\"path\":\"/y\",\"value\":1}]");
  }

  @Test
  void numbers_differ_by_value_and_keep_their_digits() {
    assertThat(patch("{\"a\":1E+25}", "{\"a\":10000000000000000000000000}")).isEqualTo("[]");
    assertThat(patch("{\"a\":1.50}", "{\"a\":1.5}")).isEqualTo("[]");
    assertThat(patch("{\"a\":9007199254740992}", "{\"a\":9007199254740993}"))
        .isEqualTo("[{\"op\":\"replace\",\"path\":\"/a\",\"value\":9007199254740993}]");
  }

  @Test
  void a_large_image_is_replaced_whole() {
    String large = "\"" + "x".repeat(JsonPatches.LARGEST) + "\"";

    assertThat(patch("{\"a\":1,\"t\":%s}".formatted(large), "{\"a\":2,\"t\":%s}".formatted(large)))
        .startsWith("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"a\":2,");
    assertThat(patch("{\"t\":%s}".formatted(large), "{\"t\":%s}".formatted(large))).isEqualTo("[]");
  }

  @Test
  void applied_to_the_one_it_makes_the_other() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      JsonNode before = object(random, 0);
      JsonNode after = object(random, 0);

      JsonNode patch = JsonPatches.between(bytes(before), bytes(after));

      assertThat(JsonPatch.apply(patch, before)).as("%s → %s", before, after).isEqualTo(after);
    }
  }

  private static JsonNode object(Random random, int depth) {
    var object = Json.object();
    for (int i = random.nextInt(5); i > 0; i--) {
      object.set(List.of("a", "b/c", "d~e", "", "é").get(random.nextInt(5)), any(random, depth));
    }
    return object;
  }

  private static JsonNode any(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 3 : 5)) {
      case 0 -> Json.parse(List.of("0", "1", "1.5", "-3").get(random.nextInt(4)));
      case 1 -> Json.parse("\"" + random.nextInt(3) + "\"");
      case 2 -> Json.parse(List.of("null", "true", "{}", "[]").get(random.nextInt(4)));
      case 3 -> object(random, depth + 1);
      default -> {
        var array = Json.array();
        for (int i = random.nextInt(5); i > 0; i--) {
          array.add(any(random, depth + 1));
        }
        yield array;
      }
    };
  }

  private static String patch(String before, String after) {
    return Json.write(
        JsonPatches.between(
            before == null ? null : before.getBytes(StandardCharsets.UTF_8),
            after == null ? null : after.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] bytes(JsonNode node) {
    return Json.write(node).getBytes(StandardCharsets.UTF_8);
  }
}
