package io.headwater.api.inference;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.headwater.api.http.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Reads messages of Protocol Buffers, field by field. */
final class ProtoReader {
    /** Wire types (Protocol Buffers, Encoding). */
    static final int VARINT = 0;

    static final int FIXED64 = 1;
    static final int FIXED32 = 5;

    private static final int LENGTH = 2;
    private static final int TYPE_BITS = 3;
    private static final int TYPES = (1 << TYPE_BITS) - 1;

    private ProtoReader() {}

    /** Reads fields. */
    @FunctionalInterface
    interface Field {
        /** Reads the field with {@code tag}, behind which {@code in} stands; returns false if it does not know it. */
        boolean read(CodedInputStream in, int tag) throws IOException;
    }

    /** Returns the tag of a field that is a string, bytes or a message. */
    static int text(int number) {
        return number << TYPE_BITS | LENGTH;
    }

    /** Returns the number of the field with {@code tag}. */
    static int number(int tag) {
        return tag >>> TYPE_BITS;
    }

    /**
     * Reads a message.
     *
     * @throws Problem.Raised when it is none
     */
    static void read(ByteBuffer message, Field fields) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            all(in, fields);
        } catch (InvalidProtocolBufferException e) {
            throw Problem.malformed("the message must be one of the protocol, but is not: " + e.getMessage())
                    .raised();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the message in a field whose tag was read. */
    static void nested(CodedInputStream in, Field fields) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        all(in, fields);
        in.popLimit(limit);
    }

    /** Reads a number, and does something with it. */
    @FunctionalInterface
    interface Element {
        void read(CodedInputStream in) throws IOException;
    }

    /**
     * Reads a field that is a number or several, packed.
     *
     * @param wireType of one number
     * @return false if the field has another type, and nothing was read
     */
    static boolean repeated(CodedInputStream in, int tag, int wireType, Element element) throws IOException {
        int type = tag & TYPES;
        if (type == wireType) {
            element.read(in);
        } else if (type == LENGTH) {
            int limit = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0) {
                element.read(in);
            }
            in.popLimit(limit);
        } else {
            return false;
        }
        return true;
    }

    private static void all(CodedInputStream in, Field fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!fields.read(in, tag) && !in.skipField(tag)) {
                // An end of a group that was not begun.
                throw Problem.malformed("the message must be one of the protocol, but ends in its middle")
                        .raised();
            }
        }
    }
}
