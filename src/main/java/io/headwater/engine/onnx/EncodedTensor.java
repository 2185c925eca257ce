package io.headwater.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** An encoded tensor whose typed data is kept from the protobuf parser and put back as {@code raw_data}. */
final class EncodedTensor {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

    private final byte[] bytes;
    private final int from;
    private final int to;
    private int field;
    private int dataFrom;
    private int dataTo;

    EncodedTensor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** Passes all fields except the typed data to {@code sink}, in runs of consecutive bytes. */
    void others(Run sink) {
        Wire wire = new Wire(bytes, from, to);
        int run = from;
        while (wire.next()) {
            if (typed(wire.field())) {
                take(wire);
                sink.accept(run, wire.start());
                run = wire.to();
            }
        }
        sink.accept(run, to);
    }

    private void take(Wire wire) {
        if (!wire.isDelimited()) {
            throw wire.malformed("tensor data outside a packed list");
        }
        if (wire.from() == wire.to()) {
            return;
        }
        if (field != 0) {
            throw wire.malformed("a tensor with two lists of data");
        }
        field = wire.field();
        dataFrom = wire.from();
        dataTo = wire.to();
    }

    /** The tensor with its data, whose amount must match its shape. */
    TensorProto complete(TensorProto.Builder tensor) {
        if (field == 0) {
            TensorProto built = tensor.build();
            TensorRules.check(built);
            return built;
        }
        TensorProto head = tensor.build();
        ElementType type = TensorRules.type(head);
        long elements = TensorRules.elements(head);
        if (type.field().number() != field || !head.getRawData().isEmpty() || TensorRules.isExternal(head)) {
            throw TensorRules.wrong(head, "must keep its data in one place, the one for " + type);
        }
        long values = type.values(elements);
        long found = values(type);
        if (values != found) {
            throw TensorRules.wrong(head, "has " + elements + " elements by its shape, but data for " + found);
        }
        if (type.bytes(elements) > MAX_BYTES) {
            throw TensorRules.wrong(head, "may take " + MAX_BYTES + " bytes, but takes " + type.bytes(elements));
        }
        return tensor.setRawData(raw(type, (int) values)).build();
    }

    private long values(ElementType type) {
        return switch (type.field()) {
            case FLOATS -> whole(Float.BYTES);
            case DOUBLES -> whole(Double.BYTES);
            default -> {
                long count = 0;
                Wire wire = new Wire(bytes, dataFrom, dataTo);
                while (!wire.atEnd()) {
                    wire.varint();
                    count++;
                }
                yield count;
            }
        };
    }

    /** The number of values of this width in bytes, or -1 if the data ends within a value. */
    private long whole(int width) {
        int length = dataTo - dataFrom;
        return length % width == 0 ? length / width : -1;
    }

    private ByteString raw(ElementType type, int values) {
        if (type.field() == ElementType.Field.FLOATS || type.field() == ElementType.Field.DOUBLES) {
            // Both encodings are little-endian.
            return UnsafeByteOperations.unsafeWrap(bytes, dataFrom, dataTo - dataFrom);
        }
        int width = Math.max(1, (int) type.bytes(1));
        ByteBuffer out = ByteBuffer.allocate(values * width).order(ByteOrder.LITTLE_ENDIAN);
        Wire wire = new Wire(bytes, dataFrom, dataTo);
        while (out.hasRemaining()) {
            long value = wire.varint();
            switch (width) {
                case 1 -> out.put((byte) value);
                case 2 -> out.putShort((short) value);
                case 4 -> out.putInt((int) value);
                default -> out.putLong(value);
            }
        }
        return UnsafeByteOperations.unsafeWrap(out.array());
    }

    /** Whether the field with this number is a list of typed data. */
    static boolean typed(int number) {
        return number == TensorProto.FLOAT_DATA_FIELD_NUMBER
                || number == TensorProto.INT32_DATA_FIELD_NUMBER
                || number == TensorProto.INT64_DATA_FIELD_NUMBER
                || number == TensorProto.DOUBLE_DATA_FIELD_NUMBER
                || number == TensorProto.UINT64_DATA_FIELD_NUMBER;
    }

    /** Accepts a range of encoded fields; {@code to} is exclusive. */
    interface Run {
        void accept(int from, int to);
    }
}
