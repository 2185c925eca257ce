package io.headwater.streams;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How values of state stores are written: the number of the format in a byte, then fields in a fixed order. */
final class StateFormat {
    private static final int FORMAT = 1;
    private static final int NONE = -1;

    private StateFormat() {}

    /** Writes the fields of a value. */
    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    /** Reads the fields of a value. */
    interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    static byte[] write(Writing fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(FORMAT);
            fields.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a value.
     *
     * @throws IllegalStateException when it was not written by this release
     */
    static <T> T read(byte[] bytes, Reading<T> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalStateException(
                        "a value of a state store must have format %d, but has %d; run the release that wrote it"
                                .formatted(FORMAT, format));
            }
            return fields.from(in);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "a value of a state store of %d bytes ends too early".formatted(bytes.length), e);
        }
    }

    static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            out.writeInt(NONE);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NONE ? null : in.readNBytes(length);
    }

    static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static String readText(DataInputStream in) throws IOException {
        byte[] bytes = readBytes(in);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
