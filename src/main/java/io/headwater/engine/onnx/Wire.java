package io.headwater.engine.onnx;

import org.nd4j.shade.protobuf.WireFormat;

/**
 * A cursor over the fields of one message in the <a
 * href="https://protobuf.dev/programming-guides/encoding/">protobuf</a> encoding; it allocates no memory.
 */
final class Wire {
    private final byte[] bytes;
    private final int end;
    private int position;
    private int start;
    private int field;
    private int type;
    private int from;

    /** Creates a cursor over the message in {@code bytes} from {@code position} to {@code end}, exclusive. */
    Wire(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    /** Advances over the next field; returns false at the end. */
    boolean next() {
        if (position == end) {
            return false;
        }
        start = position;
        long tag = varint();
        field = (int) (tag >>> 3);
        type = (int) tag & 7;
        if (tag < 8 || tag > 0xffff_ffffL) {
            throw malformed("a field of number " + (tag >>> 3));
        }
        from = position;
        switch (type) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> skip(8);
            case WireFormat.WIRETYPE_FIXED32 -> skip(4);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                long length = varint();
                from = position;
                skip(length);
            }
            default -> throw malformed("a field of wire type " + type);
        }
        return true;
    }

    boolean atEnd() {
        return position == end;
    }

    /** The start of the field, including its tag. */
    int start() {
        return start;
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    boolean isDelimited() {
        return type == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** The start of the contents of the field. */
    int from() {
        return from;
    }

    /** The end of the contents of the field, which is also the end of the field. */
    int to() {
        return position;
    }

    /** Reads the next varint of the message; call this only if the contents are known to be varints. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == end) {
                throw malformed("a number that goes past the end of its part");
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than 10 bytes");
    }

    private void skip(long length) {
        if (length < 0 || length > end - position) {
            throw malformed(
                    "a length of " + Long.toUnsignedString(length) + " where " + (end - position) + " bytes are left");
        }
        position += (int) length;
    }

    OnnxException malformed(String what) {
        return new OnnxException("the model file must be an ONNX model, but has " + what + " at byte " + position
                + "; fetch or export it again");
    }
}
