package io.headwater.engine.onnx;

import java.util.HashMap;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.protobuf.Descriptors.Descriptor;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor;

/**
 * Checks an encoded model before anything is built from it: every length must be within its part, the nesting must not
 * be too deep, and the small parts must not take too much memory. A node of 2 bytes in the file takes 150 bytes in
 * memory, so without this check a small file could exhaust the memory.
 */
final class WireBounds {
    static final int MAX_DEPTH = 100;

    /** The memory that the parts of a model may take in addition to the size of the file: about 10,000 nodes. */
    static final long PARTS_BYTES = 32L << 20;

    // Measured allocations of parsing and indexing, rounded up.
    private static final int MESSAGE = 200;
    private static final int NODE = 1200;
    private static final int TENSOR = 1200;
    private static final int TEXT = 200;
    private static final int DECODED_CHARACTER = 3;
    private static final int GROWING_LIST = 5;

    private static final Part MODEL = part(ModelProto.getDescriptor(), new HashMap<>());
    private static final int INITIALIZER_DEPTH = 2;

    private final byte[] bytes;
    private final long allowed;
    private long cost;

    private WireBounds(byte[] bytes) {
        this.bytes = bytes;
        allowed = bytes.length + PARTS_BYTES;
    }

    /**
     * Checks an encoded model.
     *
     * @throws OnnxException if it is malformed or has too many parts
     */
    static void check(byte[] bytes) {
        new WireBounds(bytes).walk(MODEL, 0, bytes.length, 0);
    }

    private void walk(Part part, int from, int to, int depth) {
        if (depth > MAX_DEPTH) {
            throw new OnnxException("parts of the model file may be nested " + MAX_DEPTH
                    + " deep, but are nested deeper; export it with fewer nested branches or loops");
        }
        charge(part.cost);
        Wire wire = new Wire(bytes, from, to);
        while (wire.next()) {
            Kind kind = part.kind(wire.field());
            Part inner = part.inner(wire.field());
            if (!wire.isDelimited()) {
                charge(kind.repeated ? GROWING_LIST * Long.BYTES : kind == Kind.UNKNOWN ? MESSAGE : 0);
            } else if (inner != null) {
                walk(inner, wire.from(), wire.to(), depth + 1);
            } else {
                charge(delimited(
                        kind, wire, part.tensor && depth == INITIALIZER_DEPTH && EncodedTensor.typed(wire.field())));
            }
        }
    }

    private long delimited(Kind kind, Wire wire, boolean weights) {
        long length = (long) wire.to() - wire.from();
        return switch (kind) {
            case UNKNOWN -> MESSAGE;
            case SINGLE -> TEXT;
            case TEXT -> TEXT + DECODED_CHARACTER * length;
            case FIXED -> weights ? 0 : GROWING_LIST * length;
            case NUMBERS -> (weights ? 1L : GROWING_LIST) * Long.BYTES * numbers(wire.from(), wire.to());
        };
    }

    /** The number of varints in a range: each ends with a byte below 128. */
    private long numbers(int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            count += bytes[i] >= 0 ? 1 : 0;
        }
        return count;
    }

    private void charge(long more) {
        cost += more;
        if (cost > allowed) {
            throw new OnnxException("the parts of the model (nodes, names, lists of numbers) may take " + allowed
                    + " bytes in memory, but take more in a file of " + bytes.length
                    + " bytes; save large tensors as raw_data and drop doc strings");
        }
    }

    private static Part part(Descriptor message, Map<String, Part> known) {
        Part made = known.get(message.getFullName());
        if (made != null) {
            return made;
        }
        int last = message.getFields().stream()
                .mapToInt(FieldDescriptor::getNumber)
                .max()
                .orElse(0);
        int cost = message.equals(NodeProto.getDescriptor()) ? NODE : MESSAGE;
        boolean tensor = message.equals(TensorProto.getDescriptor());
        Part part = new Part(new Kind[last + 1], new Part[last + 1], tensor, tensor ? TENSOR : cost);
        known.put(message.getFullName(), part);
        for (FieldDescriptor field : message.getFields()) {
            part.kinds[field.getNumber()] = Kind.of(field);
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                part.inner[field.getNumber()] = part(field.getMessageType(), known);
            }
        }
        return part;
    }

    private enum Kind {
        UNKNOWN(false),
        SINGLE(false),
        TEXT(false),
        FIXED(true),
        NUMBERS(true);

        private final boolean repeated;

        Kind(boolean repeated) {
            this.repeated = repeated;
        }

        static Kind of(FieldDescriptor field) {
            return switch (field.getJavaType()) {
                case STRING -> TEXT;
                case FLOAT, DOUBLE -> field.isRepeated() ? FIXED : SINGLE;
                case INT, LONG, BOOLEAN, ENUM -> field.isRepeated() ? NUMBERS : SINGLE;
                case BYTE_STRING, MESSAGE -> SINGLE;
            };
        }
    }

    /** The fields of one message type by number. */
    private static final class Part {
        private final @Nullable Kind[] kinds;
        private final @Nullable Part[] inner;
        private final boolean tensor;
        private final int cost;

        Part(@Nullable Kind[] kinds, @Nullable Part[] inner, boolean tensor, int cost) {
            this.kinds = kinds;
            this.inner = inner;
            this.tensor = tensor;
            this.cost = cost;
        }

        Kind kind(int field) {
            Kind kind = field < kinds.length ? kinds[field] : null;
            return kind == null ? Kind.UNKNOWN : kind;
        }

        @Nullable
        Part inner(int field) {
            return field < inner.length ? inner[field] : null;
        }
    }
}
