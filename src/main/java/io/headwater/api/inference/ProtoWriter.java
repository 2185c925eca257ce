package io.headwater.api.inference;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a message of Protocol Buffers, field by field. As in its third version, fields with the default value are left out. */
final class ProtoWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private interface Writing {
        void write() throws IOException;
    }

    private ProtoWriter write(Writing writing) {
        try {
            writing.write();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProtoWriter flag(int field, boolean value) {
        return value ? write(() -> out.writeBool(field, true)) : this;
    }

    ProtoWriter text(int field, String value) {
        return value.isEmpty() ? this : element(field, value);
    }

    /** Writes an element of a field that is repeated. */
    ProtoWriter element(int field, String value) {
        return write(() -> out.writeString(field, value));
    }

    /** Writes an element of a field that is repeated. */
    ProtoWriter element(int field, byte[] value) {
        return write(() -> out.writeByteArray(field, value));
    }

    ProtoWriter message(int field, ProtoWriter message) {
        return element(field, message.toBytes());
    }

    /** Writes integers of 64 bits, packed. */
    ProtoWriter integers(int field, List<Integer> values) {
        ProtoWriter packed = new ProtoWriter();
        values.forEach(value -> packed.write(() -> packed.out.writeInt64NoTag(value)));
        return values.isEmpty() ? this : message(field, packed);
    }

    /** Writes numbers of 32 bits, packed. */
    ProtoWriter floats(int field, float[] values) {
        ProtoWriter packed = new ProtoWriter();
        for (float value : values) {
            packed.write(() -> packed.out.writeFloatNoTag(value));
        }
        return values.length == 0 ? this : message(field, packed);
    }

    byte[] toBytes() {
        write(out::flush);
        return bytes.toByteArray();
    }
}
