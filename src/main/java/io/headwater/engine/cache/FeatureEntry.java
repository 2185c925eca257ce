package io.headwater.engine.cache;

import io.headwater.engine.weights.Half;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One vector as bytes in a file that nobody trusts, little-endian: checksum, format, number of values, four bytes of
 * nothing, the key's 32 bytes, the values. They take two bytes each where that changes no bit, else four. The checksum
 * (CRC-32C, RFC 3720) is over the file's identity and all that follows it.
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

    /** Entries of the file with that identity; those of other files do not verify. */
    FeatureEntry(byte[] identity) {
        this.identity = identity.clone();
    }

    /** The most bytes that {@code values} values take. */
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

    /** The vector of {@code key} at {@code at} of {@code segment}, or null when what stands there is anything else. */
    float @Nullable [] decode(ByteBuffer segment, int at, byte[] key) {
        if (at < 0 || at > segment.capacity() - HEADER_BYTES) {
            return null;
        }
        // A copy, so that what is verified is what is handed out.
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
