package io.headwater.engine.cache;

import io.headwater.engine.weights.Half;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of one vector in a file that is not trusted, little-endian: checksum, format, number of values, four
 * unused bytes, the 32 bytes of the key, the values. The values take two bytes each if that preserves every bit,
 * otherwise four. The checksum (CRC-32C, RFC 3720) covers the file's identity and everything that follows the checksum.
 */
final class FeatureEntry {
    static final int HEADER_BYTES = 48;
    static final int KEY_BYTES = 32;
    private static final int FORMAT_AT = 4;
    private static final int COUNT_AT = 8;
    private static final int KEY_AT = 16;
    private static final int FLOAT32 = 4;
    private static final int FLOAT16 = 2;

    private final byte[] identity;

    /** Creates the encoding for the file with this identity; entries of other files fail the checksum. */
    FeatureEntry(byte[] identity) {
        this.identity = identity.clone();
    }

    /** The maximum number of bytes of an entry with {@code values} values. */
    static long maxBytes(int values) {
        return HEADER_BYTES + 4L * values;
    }

    byte[] encode(byte[] key, float[] values) {
        int format = Half.holds(values) ? FLOAT16 : FLOAT32;
        ByteBuffer entry = little(new byte[HEADER_BYTES + format * values.length]);
        entry.putInt(FORMAT_AT, format).putInt(COUNT_AT, values.length).position(KEY_AT);
        entry.put(key);
        if (format == FLOAT16) {
            for (float value : values) {
                entry.putShort(Half.of(value));
            }
        } else {
            entry.asFloatBuffer().put(values);
        }
        return entry.putInt(0, checksum(entry.array())).array();
    }

    /**
     * Decodes the vector of {@code key} at {@code at} in {@code segment}; returns null if there is no valid entry of
     * this key.
     */
    float @Nullable [] decode(ByteBuffer segment, int at, byte[] key) {
        if (at < 0 || at > segment.capacity() - HEADER_BYTES) {
            return null;
        }
        // A copy, so that the bytes that are verified are those that are returned.
        ByteBuffer header = copy(segment, at, HEADER_BYTES);
        int format = header.getInt(FORMAT_AT);
        int count = header.getInt(COUNT_AT);
        if ((format != FLOAT16 && format != FLOAT32)
                || count < 0
                || (long) format * count > segment.capacity() - HEADER_BYTES - at
                || !Arrays.equals(header.array(), KEY_AT, KEY_AT + KEY_BYTES, key, 0, KEY_BYTES)) {
            return null;
        }
        ByteBuffer entry = copy(segment, at, HEADER_BYTES + format * count);
        if (!Arrays.equals(entry.array(), 0, HEADER_BYTES, header.array(), 0, HEADER_BYTES)
                || entry.getInt(0) != checksum(entry.array())) {
            return null;
        }
        float[] values = new float[count];
        entry.position(HEADER_BYTES);
        if (format == FLOAT16) {
            for (int i = 0; i < count; i++) {
                values[i] = Half.widen(entry.getShort());
            }
        } else {
            entry.asFloatBuffer().get(values);
        }
        return values;
    }

    private int checksum(byte[] entry) {
        CRC32C crc = new CRC32C();
        crc.update(identity);
        crc.update(entry, FORMAT_AT, entry.length - FORMAT_AT);
        return (int) crc.getValue();
    }

    private static ByteBuffer copy(ByteBuffer segment, int at, int bytes) {
        byte[] copy = new byte[bytes];
        segment.get(at, copy);
        return little(copy);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
