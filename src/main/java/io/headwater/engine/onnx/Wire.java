package io.headwater.engine.onnx;

import org.nd4j.shade.protobuf.WireFormat;

/**
 * A cursor over the fields of one message, as <a href="https://protobuf.dev/programming-guides/encoding/">protobuf</a>
 * encodes them; it allocates nothing.
 */
final class Wire {
    private final byte[] bytes;
    private final int end;
    private int position;
    private int start;
    private int field;
    private int type;
    private int from;

    /** Over the message in {@code bytes} from {@code position} to before {@code end}. */
    Wire(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    /** Steps over the next field; false at the end. */
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

    /** Where the field with its tag begins. */
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

    /** Where the contents of the field begin. */
    int from() {
        return from;
    }

    /** Where the contents of the field end, and the field. */
    int to() {
        return position;
    }

    /** The next varint of the message; read it only where contents are known to be varints. */
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
