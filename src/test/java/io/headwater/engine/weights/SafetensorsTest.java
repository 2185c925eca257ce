package io.headwater.engine.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    @Test
    void shouldWriteTheBytesOfThePublishedFormat() {
        byte[] file = Safetensors.write(
                Map.of("b", new Tensor.I32(new int[] {2}, new int[] {1, -1}), "a", scalar(1f)), Map.of("k", "v"));

        String header = "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 12).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded).put((header + " ".repeat(padded - header.length())).getBytes(UTF_8));
        expected.putFloat(1f).putInt(1).putInt(-1);
        assertThat(file).isEqualTo(expected.array());
    }

    @Test
    void shouldWriteLongsInEightBytesEach() {
        byte[] file =
                Safetensors.write(Map.of("a", new Tensor.I64(new int[] {2}, new long[] {Long.MIN_VALUE, 1})), Map.of());

        String header = "{\"a\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 16).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded).put((header + " ".repeat(padded - header.length())).getBytes(UTF_8));
        expected.putLong(Long.MIN_VALUE).putLong(1);
        assertThat(file).isEqualTo(expected.array());
        assertThat(Safetensors.read(file).tensors().get("a"))
                .isInstanceOfSatisfying(
                        Tensor.I64.class, longs -> assertThat(longs.values()).containsExactly(Long.MIN_VALUE, 1));
    }

    @Test
    void shouldNotDependOnTheOrderOfItsMaps() {
        Map<String, Tensor> forward = new LinkedHashMap<>();
        Map<String, Tensor> backward = new LinkedHashMap<>();
        for (int i = 0; i < 9; i++) {
            forward.put("t" + i, scalar(i));
            backward.put("t" + (8 - i), scalar(8 - i));
        }

        assertThat(Safetensors.write(forward, Map.of())).isEqualTo(Safetensors.write(backward, Map.of()));
    }

    @Property(tries = 200)
    void shouldGiveBackWhatWasWritten(
            @ForAll("tensors") Map<String, Tensor> tensors, @ForAll("texts") Map<String, String> texts) {
        byte[] file = Safetensors.write(tensors, texts);

        Safetensors.Contents contents = Safetensors.read(file);

        assertThat(contents.metadata()).isEqualTo(new TreeMap<>(texts));
        assertThat(contents.tensors().keySet()).isEqualTo(tensors.keySet());
        assertThat(Safetensors.write(contents.tensors(), contents.metadata())).isEqualTo(file);
        // Equal bytes mean equal values, NaN included.
        contents.tensors()
                .forEach((name, tensor) -> assertThat(tensor.shape())
                        .isEqualTo(Objects.requireNonNull(tensors.get(name)).shape()));
    }

    @Property(tries = 300)
    void shouldThrowNothingElseOnATruncatedFile(@ForAll("tensors") Map<String, Tensor> tensors, @ForAll double part) {
        byte[] file = Safetensors.write(tensors, Map.of("k", "v"));
        int length = (int) (Math.abs(part % 1) * (file.length - 1));

        assertThatExceptionOfType(SafetensorsException.class)
                .isThrownBy(() -> Safetensors.read(java.util.Arrays.copyOf(file, length)));
    }

    @Property(tries = 2000)
    void shouldThrowNothingElseOnFlippedBits(
            @ForAll("tensors") Map<String, Tensor> tensors, @ForAll java.util.Random random) {
        byte[] file = Safetensors.write(tensors, Map.of("k", "v"));
        int header =
                8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            file[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
        }

        try {
            assertThat(Safetensors.read(file)).isNotNull();
        } catch (SafetensorsException expected) {
            assertThat(expected).hasMessageStartingWith("safetensors: ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | must cover all 8 bytes",
                "[] | must begin with {",
                " {} | must cover all 8 bytes",
                "{\"a\":1} | a must be START_OBJECT",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{}} | without duplicate names",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}} | without duplicate names",
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | dtype must be F32, I32 or I64, but is 'F64'",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}} | inside the 8 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | must hold 4 bytes for each value of shape [3]",
                "{\"a\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,8]}} | must hold 8 bytes for each value of shape [2]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647,0],\"data_offsets\":[0,0]}} | too large",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807],\"data_offsets\":[0,8]}} | is too large",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}} | out of range",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | numbers from 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}} | at most 8 numbers",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}} | must be VALUE_NUMBER_INT",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | must begin at 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | must begin at 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}} | needs dtype, shape and data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | unknown key 'x'",
                "{\"__metadata__\":{\"k\":1}} | __metadata__.k must be VALUE_STRING",
                "{} {} | nothing may follow",
            })
    void shouldSayWhatIsWrongWithAHeader(String header, String message) {
        assertThatThrownBy(() -> Safetensors.read(file(header, 8)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldRefuseAHeaderLengthThatIsNotInTheFile() {
        byte[] file = file("{}", 0);
        for (long length : new long[] {0, 1, 3, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("says " + length);
        }
    }

    @Test
    void shouldRefuseToWriteATensorNamedAsTheMetadata() {
        assertThatThrownBy(() -> Safetensors.write(Map.of("__metadata__", scalar(1f)), Map.of()))
                .isInstanceOf(SafetensorsException.class);
    }

    private static byte[] file(String header, int data) {
        byte[] text = header.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static Tensor scalar(float value) {
        return new Tensor.F32(new int[0], new float[] {value});
    }

    @Provide
    Arbitrary<Map<String, String>> texts() {
        return Arbitraries.maps(
                        Arbitraries.strings().ofMaxLength(9),
                        Arbitraries.strings().ofMaxLength(20))
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        Arbitrary<Tensor> tensor = Combinators.combine(
                        Arbitraries.integers().between(0, 4).array(int[].class).ofMaxSize(3),
                        Arbitraries.longs(),
                        Arbitraries.of("F32", "I32", "I64"))
                .as(SafetensorsTest::tensor);
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(9), tensor).ofMaxSize(5);
    }

    private static Tensor tensor(int[] shape, long seed, String dtype) {
        java.util.Random random = new java.util.Random(seed);
        int length = java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        int[] bits = random.ints(length).toArray();
        if (dtype.equals("I32")) {
            return new Tensor.I32(shape, bits);
        }
        if (dtype.equals("I64")) {
            return new Tensor.I64(shape, random.longs(length).toArray());
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        return new Tensor.F32(shape, values);
    }
}
