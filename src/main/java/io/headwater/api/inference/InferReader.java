package io.headwater.api.inference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.api.http.JsonBodies;
import io.headwater.api.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests for inferences: JSON, and behind it the elements of tensors as binary data (the binary tensor data extension of the
 * protocol). What the protocol does not know is passed over, as its extensions may add it.
 */
final class InferReader {
    static final int MOST_TENSORS = 16;
    static final int MAX_DEPTH = 16;

    private final ByteBuffer binary;
    private @Nullable String id;
    private List<InputTensor> inputs = List.of();
    private @Nullable Map<String, Boolean> outputs;
    private boolean allBinary;

    /** A tensor, and the size of its binary data; -1 when its data is in the JSON. */
    private static final class Draft {
        private final TensorDraft tensor = new TensorDraft();
        private long binarySize = -1;
    }

    private InferReader(ByteBuffer binary) {
        this.binary = binary;
    }

    /**
     * Reads a body.
     *
     * @param jsonLength length of the JSON; what follows it is binary data
     */
    static InferRequest read(byte[] body, int jsonLength) {
        InferReader reader = new InferReader(ByteBuffer.wrap(body, jsonLength, body.length - jsonLength));
        return JsonBodies.object(body, 0, jsonLength, parser -> {
            reader.object(parser);
            return reader.request();
        });
    }

    private InferRequest request() {
        if (inputs.isEmpty()) {
            throw Problem.malformed("a request must have inputs, but has none").raised();
        }
        if (binary.hasRemaining()) {
            throw Problem.malformed("the body must end with the binary data of its tensors, but has %d bytes more"
                            .formatted(binary.remaining()))
                    .raised();
        }
        // An empty list asks for all outputs, as a missing one does: generated clients send one.
        return new InferRequest(id, inputs, outputs == null || outputs.isEmpty() ? null : outputs, allBinary);
    }

    private void object(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = JsonBodies.string(parser, field);
                case "parameters" -> allBinary = flag(parser, "binary_data_output", false);
                case "inputs" -> inputs = inputs(parser);
                case "outputs" -> outputs = outputs(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private List<InputTensor> inputs(JsonParser parser) throws IOException {
        List<Draft> drafts = new ArrayList<>();
        begin(parser, "inputs");
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            drafts.add(draft(parser));
            if (drafts.size() > MOST_TENSORS) {
                throw Problem.malformed("a request must have at most %d inputs".formatted(MOST_TENSORS))
                        .raised();
            }
        }
        end(parser, "inputs");
        return drafts.stream().map(this::tensor).toList();
    }

    private static Draft draft(JsonParser parser) throws IOException {
        Draft draft = new Draft();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> draft.tensor.name = JsonBodies.string(parser, field);
                case "datatype" -> draft.tensor.datatype = JsonBodies.string(parser, field);
                case "shape" -> draft.tensor.shape = shape(parser);
                case "parameters" -> draft.binarySize = number(parser, "binary_data_size");
                case "data" -> data(parser, draft.tensor);
                default -> parser.skipChildren();
            }
        }
        return draft;
    }

    private static List<Integer> shape(JsonParser parser) throws IOException {
        List<Integer> shape = new ArrayList<>();
        begin(parser, "shape");
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && shape.size() < MAX_DEPTH) {
            boolean isSize = parser.getNumberType() == JsonParser.NumberType.INT && parser.getIntValue() >= 0;
            if (!isSize) {
                throw Problem.malformed("the sizes of a shape must be integers from 0, but one is not")
                        .raised();
            }
            shape.add(parser.getIntValue());
        }
        end(parser, "shape");
        return shape;
    }

    /** Reads elements, which are strings or numbers, before it may be known which the tensor has. */
    private static void data(JsonParser parser, TensorDraft draft) throws IOException {
        Elements elements = Elements.read(parser);
        draft.texts = elements.texts();
        draft.numbers = elements.numbers();
    }

    private InputTensor tensor(Draft draft) {
        return draft.tensor.tensor(draft.binarySize < 0 ? null : slice(draft.tensor.name, draft.binarySize));
    }

    private ByteBuffer slice(@Nullable String name, long size) {
        if (size > binary.remaining()) {
            throw Problem.malformed(
                            "tensor '%s' has %d bytes of binary data, but only %d bytes follow the JSON; send %s"
                                    .formatted(
                                            name,
                                            size,
                                            binary.remaining(),
                                            "its length in the header Inference-Header-Content-Length"))
                    .raised();
        }
        ByteBuffer slice = binary.slice(binary.position(), (int) size);
        binary.position(binary.position() + (int) size);
        return slice;
    }

    private static Map<String, Boolean> outputs(JsonParser parser) throws IOException {
        Map<String, Boolean> outputs = new LinkedHashMap<>();
        begin(parser, "outputs");
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String name = null;
            boolean isBinary = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "name" -> name = JsonBodies.string(parser, field);
                    case "parameters" -> isBinary = flag(parser, "binary_data", false);
                    default -> parser.skipChildren();
                }
            }
            if (name == null || outputs.size() >= MOST_TENSORS) {
                throw Problem.malformed("each of at most %d outputs must have a name".formatted(MOST_TENSORS))
                        .raised();
            }
            outputs.put(name, isBinary);
        }
        end(parser, "outputs");
        return outputs;
    }

    private static boolean flag(JsonParser parser, String name, boolean otherwise) throws IOException {
        boolean value = otherwise;
        requireObject(parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isIt = parser.currentName().equals(name);
            parser.nextToken();
            if (isIt) {
                if (!parser.currentToken().isBoolean()) {
                    throw Problem.malformed("parameter '%s' must be true or false".formatted(name))
                            .raised();
                }
                value = parser.getBooleanValue();
            } else {
                parser.skipChildren();
            }
        }
        return value;
    }

    /** Returns a parameter that is a number from 0; -1 when there is none. */
    private static long number(JsonParser parser, String name) throws IOException {
        long value = -1;
        requireObject(parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isIt = parser.currentName().equals(name);
            parser.nextToken();
            if (isIt) {
                boolean isSize = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                        && parser.getLongValue() >= 0;
                if (!isSize) {
                    throw Problem.malformed("parameter '%s' must be an integer from 0".formatted(name))
                            .raised();
                }
                value = parser.getLongValue();
            } else {
                parser.skipChildren();
            }
        }
        return value;
    }

    private static void requireObject(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.malformed("parameters must be an object").raised();
        }
    }

    private static void begin(JsonParser parser, String field) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.malformed("field '%s' must be an array".formatted(field))
                    .raised();
        }
    }

    private static void end(JsonParser parser, String field) {
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw Problem.malformed("field '%s' must be an array of what the protocol says".formatted(field))
                    .raised();
        }
    }
}
