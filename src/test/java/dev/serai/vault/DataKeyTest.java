package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The known answers were computed with Python's hmac and cryptography, not with this code. */
class DataKeyTest {
  private static final byte[] PLAIN =
      "{\"id\":\"t-1\",\"title\":\"Printer\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONTEXT =
      ByteBuffer.allocate(25)
          .put("record".getBytes(StandardCharsets.US_ASCII))
          .putLong(42)
          .putLong(7)
          .put("t-1".getBytes(StandardCharsets.US_ASCII))
          .array();

  private final DataKey key = new DataKey(7, counting());

  @Test
  void an_envelope_made_elsewhere_from_the_same_secret_opens() {
    byte[] envelope =
        HexFormat.of()
            .parseHex(
                "cafebabefacedbaddecaf8884baa85616b2a238e2f8b9e94b5ce31bcffce7f62"
                    + "b61b9c0d700ae3ae694da4b3c4b4482ccc7edee59cce4987a928");

    assertThat(key.open(CONTEXT, envelope)).isEqualTo(PLAIN);
  }

  @Test
  void a_keyed_hash_is_what_hmac_under_the_derived_key_makes_elsewhere() {
    byte[] plainHash = HexFormat.of().parseHex("28cd1db750169042f105c0873f1b3fcc");

    assertThat(key.keyed(plainHash)).asHexString().isEqualTo("9167B29DC7ACA863EC09D0B949283B02");
    assertThat(key.keyed(plainHash)).isEqualTo(key.keyed(plainHash)).hasSize(DataKey.HASH);
  }

  @Test
  void a_slice_is_sealed_and_comes_back_whatever_its_length() {
    byte[] text = "....0123456789....".getBytes(StandardCharsets.US_ASCII);

    assertThat(key.open(CONTEXT, key.seal(CONTEXT, text, 4, 10)))
        .asString()
        .isEqualTo("0123456789");
    assertThat(key.open(CONTEXT, key.seal(CONTEXT, text, 0, 0))).isEmpty();
    assertThat(key.seal(CONTEXT, text, 4, 10)).hasSize(12 + 10 + 16);
  }

  @Test
  void no_two_envelopes_have_a_nonce_in_common_also_not_of_keys_made_again_from_one_secret() {
    Set<String> nonces = new HashSet<>();

    for (int i = 0; i < 50_000; i++) {
      DataKey used = i % 1_000 == 0 ? new DataKey(7, counting()) : key;
      nonces.add(nonce(used.seal(CONTEXT, PLAIN, 0, PLAIN.length)));
    }

    assertThat(nonces).hasSize(50_000);
  }

  @Test
  void every_flipped_bit_every_cut_and_every_other_context_is_refused() {
    byte[] envelope = key.seal(CONTEXT, PLAIN, 0, PLAIN.length);

    for (int bit = 0; bit < envelope.length * 8; bit++) {
      byte[] flipped = envelope.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused(key, CONTEXT, flipped);
    }
    for (int length = 0; length < envelope.length; length++) {
      refused(key, CONTEXT, Arrays.copyOf(envelope, length));
    }
    byte[] other = CONTEXT.clone();
    other[13]++;
    refused(key, other, envelope);
    refused(new DataKey(7, DataKey.fresh()), CONTEXT, envelope);
  }

  @Test
  void one_key_serves_many_threads() {
    byte[] keyed = key.keyed(new byte[16]);

    long good =
        IntStream.range(0, 20_000)
            .parallel()
            .filter(i -> Arrays.equals(key.keyed(new byte[16]), keyed))
            .filter(i -> {
              byte[] plain = ByteBuffer.allocate(4).putInt(i).array();
              return Arrays.equals(key.open(CONTEXT, key.seal(CONTEXT, plain, 0, 4)), plain);
            })
            .count();

    assertThat(good).isEqualTo(20_000);
  }

  @Test
  void a_secret_of_another_length_is_no_key_and_a_key_never_says_what_it_is() {
    assertThatThrownBy(() -> new DataKey(1, new byte[16]))
        .hasMessage("A data key has 32 bytes")
        .hasFieldOrPropertyWithValue("code", "data_key");
    assertThat(key).hasToString("DataKey[7]");
    assertThat(DataKey.fresh()).hasSize(32).isNotEqualTo(DataKey.fresh());
  }

  private static void refused(DataKey key, byte[] context, byte[] envelope) {
    assertThatThrownBy(() -> key.open(context, envelope))
        .isInstanceOf(VaultException.class)
        .hasMessage("A sealed payload was changed or belongs elsewhere (data key 7)");
  }

  private static String nonce(byte[] envelope) {
    return HexFormat.of().formatHex(envelope, 0, 12);
  }

  private static byte[] counting() {
    byte[] secret = new byte[DataKey.LENGTH];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) i;
    }
    return secret;
  }
}
