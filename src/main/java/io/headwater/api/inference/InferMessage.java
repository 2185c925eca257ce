package io.headwater.api.inference;

import com.google.protobuf.CodedInputStream;
import io.headwater.api.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ModelInferRequest} of the protocol over gRPC, field by field: classes that are generated from the protocol's definition
 * make objects of many times the size of a message before anybody can count them. What the protocol does not know is passed over.
 */
final class InferMessage {
    private static final int MODEL = ProtoReader.text(1);
    private static final int VERSION = ProtoReader.text(2);
    private static final int ID = ProtoReader.text(3);
    private static final int INPUT = ProtoReader.text(5);
    private static final int OUTPUT = ProtoReader.text(6);
    private static final int RAW = ProtoReader.text(7);
    private static final int NAME = ProtoReader.text(1);
    private static final int DATATYPE = ProtoReader.text(2);
    private static final int SHAPE = 3;
    private static final int CONTENTS = ProtoReader.text(5);
    private static final int BYTES_CONTENTS = ProtoReader.text(8);

    private String model = "";
    private String version = "";
    private @Nullable String id;
    private final List<TensorDraft> inputs = new ArrayList<>();
    private final Map<String, Boolean> outputs = new LinkedHashMap<>();
    private final List<byte[]> raw = new ArrayList<>();

    /**
     * A request, and the model that it is for.
     *
     * @param version the number of a version; empty for the one that serves
     */
    record Named(String model, String version, InferRequest infer) {}

    private InferMessage() {}

    /**
     * Reads a message.
     *
     * @throws Problem.Raised when it is none
     */
    static Named read(ByteBuffer message) {
        InferMessage read = new InferMessage();
        ProtoReader.read(message, read::field);
        return read.named();
    }

    private Named named() {
        if (inputs.isEmpty()) {
            throw Problem.malformed("a request must have inputs, but has none").raised();
        }
        boolean isRaw = !raw.isEmpty();
        if (isRaw && raw.size() != inputs.size()) {
            throw Problem.malformed("raw_input_contents must have an element for each of the %d inputs, but has %d"
                            .formatted(inputs.size(), raw.size()))
                    .raised();
        }
        List<InputTensor> tensors = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            TensorDraft draft = inputs.get(i);
            boolean hasContents = draft.texts != null || draft.numbers != null;
            if (hasContents == isRaw) {
                throw Problem.malformed(
                                "each input must have its elements in contents, or all in raw_input_contents, but '%s' has %s"
                                        .formatted(draft.name, isRaw ? "both" : "none"))
                        .raised();
            }
            tensors.add(draft.tensor(isRaw ? ByteBuffer.wrap(raw.get(i)) : null));
        }
        return new Named(model, version, new InferRequest(id, tensors, outputs.isEmpty() ? null : outputs, isRaw));
    }

    private boolean field(CodedInputStream in, int tag) throws IOException {
        if (tag == MODEL) {
            model = in.readStringRequireUtf8();
        } else if (tag == VERSION) {
            version = in.readStringRequireUtf8();
        } else if (tag == ID) {
            String given = in.readStringRequireUtf8();
            id = given.isEmpty() ? null : given;
        } else if (tag == INPUT) {
            requireRoom(inputs.size(), "inputs");
            inputs.add(input(in));
        } else if (tag == OUTPUT) {
            requireRoom(outputs.size(), "outputs");
            outputs.put(output(in), false);
        } else if (tag == RAW) {
            requireRoom(raw.size(), "raw_input_contents");
            raw.add(in.readByteArray());
        } else {
            return false;
        }
        return true;
    }

    private static void requireRoom(int size, String what) {
        if (size == InferReader.MOST_TENSORS) {
            throw Problem.malformed("a request must have at most %d %s".formatted(InferReader.MOST_TENSORS, what))
                    .raised();
        }
    }

    private static TensorDraft input(CodedInputStream in) throws IOException {
        TensorDraft draft = new TensorDraft();
        List<Integer> shape = new ArrayList<>();
        ProtoReader.nested(in, (field, tag) -> {
            if (tag == NAME) {
                draft.name = field.readStringRequireUtf8();
            } else if (tag == DATATYPE) {
                draft.datatype = field.readStringRequireUtf8();
            } else if (tag == CONTENTS) {
                contents(field, draft);
            } else {
                return ProtoReader.number(tag) == SHAPE
                        && ProtoReader.repeated(field, tag, ProtoReader.VARINT, one -> size(one, shape));
            }
            return true;
        });
        draft.shape = shape;
        draft.isBinary = true;
        return draft;
    }

    private static void size(CodedInputStream in, List<Integer> shape) throws IOException {
        long size = in.readInt64();
        if (size < 0 || size > Integer.MAX_VALUE || shape.size() == InferReader.MAX_DEPTH) {
            throw Problem.malformed(
                            "a shape must be at most %d integers from 0, but is not".formatted(InferReader.MAX_DEPTH))
                    .raised();
        }
        shape.add((int) size);
    }

    private static String output(CodedInputStream in) throws IOException {
        String[] name = {""};
        ProtoReader.nested(in, (field, tag) -> {
            if (tag == NAME) {
                name[0] = field.readStringRequireUtf8();
                return true;
            }
            return false;
        });
        return name[0];
    }

    /** Reads elements; each type of numbers has a field of its own. */
    private static void contents(CodedInputStream in, TensorDraft draft) throws IOException {
        Numbers numbers = new Numbers();
        List<byte[]> texts = new ArrayList<>();
        ProtoReader.nested(in, (field, tag) -> {
            if (tag == BYTES_CONTENTS) {
                Elements.requireRoom(texts);
                texts.add(field.readByteArray());
                return true;
            }
            return switch (ProtoReader.number(tag)) {
                case 2 -> ProtoReader.repeated(field, tag, ProtoReader.VARINT, one -> numbers.add(one.readInt32()));
                case 3 -> ProtoReader.repeated(field, tag, ProtoReader.VARINT, one -> numbers.add(one.readInt64()));
                case 4 ->
                    ProtoReader.repeated(
                            field,
                            tag,
                            ProtoReader.VARINT,
                            one -> numbers.add(Integer.toUnsignedLong(one.readUInt32())));
                case 6 -> ProtoReader.repeated(field, tag, ProtoReader.FIXED32, one -> numbers.add(one.readFloat()));
                case 7 ->
                    ProtoReader.repeated(field, tag, ProtoReader.FIXED64, one -> numbers.add((float) one.readDouble()));
                default -> false;
            };
        });
        if (numbers.count > 0 && !texts.isEmpty()) {
            throw Problem.malformed("the contents of a tensor must be of one type, but are of several")
                    .raised();
        }
        draft.texts = numbers.count > 0 ? null : texts;
        draft.numbers = texts.isEmpty() ? Arrays.copyOf(numbers.values, numbers.count) : null;
    }

    /** Numbers whose count is not known before. */
    private static final class Numbers {
        private float[] values = new float[16];
        private int count;

        void add(float value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }
    }
}
