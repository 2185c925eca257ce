package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.headwater.domain.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedDecoderTest {

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldBelieveNoLengthBeyondTheBytesLeft(long length) throws IOException {
        byte[] bytes = bytes(length, 0, 0);

        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readString())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("length of " + length);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readBytes(null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipBytes()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipString()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -Integer.MAX_VALUE})
    void shouldBelieveNoCountBeyondTheBytesLeft(long count) throws IOException {
        byte[] bytes = bytes(count, 0, 0, 0);

        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readArrayStart()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readMapStart()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipArray()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipMap()).isInstanceOf(IOException.class);
    }

    @Test
    void shouldReadBlocksThatSayTheirSize() throws IOException {
        Schema longs = SchemaBuilder.array().items().longType();
        byte[] bytes = bytes(-2, 2, 7, 8, 1, 9, 0);

        assertThat(new GenericDatumReader<>(longs).read(null, new BoundedDecoder(bytes, 0)))
                .hasToString("[7, 8, 9]");
    }

    @Test
    void shouldShareOneAllowanceAmongItemsOfNoSize() throws IOException {
        Schema nulls = SchemaBuilder.array().items().nullType();
        byte[] bytes = bytes(6, 6, 6, 6, 6, 6, 6, 6, 6, 0);

        assertThatThrownBy(() -> new GenericDatumReader<>(nulls).read(null, new BoundedDecoder(bytes, 0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("items");
    }

    /** Each text is a byte on the wire and would be an object of 50 in memory. */
    @Test
    void shouldReadMillionsOfTextsAsFewObjects() throws IOException {
        byte[] start = bytes(Limits.TEXTS + 1);
        byte[] bytes = Arrays.copyOf(start, start.length + Limits.TEXTS + 2);
        Schema texts = SchemaBuilder.array().items().stringType();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        BoundedDecoder decoder = new BoundedDecoder(bytes, 0);
        long count = decoder.readArrayStart();

        for (int i = 0; i < Limits.TEXTS; i++) {
            assertEmpty(decoder.readString());
        }

        assertThat(count).isEqualTo(Limits.TEXTS + 1L);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8L * bytes.length);
        assertThatThrownBy(decoder::readString)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 1048576 texts");
        assertThatThrownBy(() -> new GenericDatumReader<>(texts).read(null, new BoundedDecoder(bytes, 0)))
                .isInstanceOf(IOException.class);
    }

    private static void assertEmpty(String text) {
        if (!text.isEmpty()) {
            throw new AssertionError(text);
        }
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8() throws IOException {
        byte[] bytes = bytes(2, 0, 0);
        bytes[1] = (byte) 0xC0;

        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readString()).isInstanceOf(IOException.class);
    }

    private static byte[] bytes(long... varints) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        for (long varint : varints) {
            encoder.writeLong(varint);
        }
        encoder.flush();
        return out.toByteArray();
    }
}
