package io.headwater.api.inference;

import io.headwater.api.http.Problem;
import io.headwater.domain.Payload;
import io.headwater.online.CallQueue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a payload of each row of the tensors that a caller sends. */
final class InputRows {
    static final String TEXT = "text";
    static final String SECOND = "second";
    static final String QUESTION = "question";
    static final String CONTEXT = "context";
    static final String IMAGE = "image";
    static final String AUDIO = "audio";
    static final String NUMBERS = "numbers";

    private final Map<String, InputTensor> tensors = new TreeMap<>();

    private InputRows(List<InputTensor> inputs) {
        for (InputTensor input : inputs) {
            if (tensors.put(input.name(), input) != null) {
                throw Problem.malformed("input '%s' must be given once, but is there twice".formatted(input.name()))
                        .raised();
            }
        }
    }

    /** Returns the payloads, in the order of the rows. */
    static List<Payload> of(List<InputTensor> inputs) {
        return new InputRows(inputs).payloads();
    }

    private List<Payload> payloads() {
        int rows = tensors.values().iterator().next().rows();
        for (InputTensor tensor : tensors.values()) {
            if (tensor.rows() != rows) {
                throw Problem.malformed("all inputs must have as many rows, but '%s' has %d and another has %d"
                                .formatted(tensor.name(), tensor.rows(), rows))
                        .raised();
            }
        }
        if (rows < 1 || rows > CallQueue.MOST) {
            throw Problem.malformed("inputs must have 1 to %d rows, but have %d; send several requests"
                            .formatted(CallQueue.MOST, rows))
                    .raised();
        }
        List<Payload> payloads = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            payloads.add(payload(row, rows));
        }
        return payloads;
    }

    private Payload payload(int row, int rows) {
        List<String> names = List.copyOf(tensors.keySet());
        if (names.equals(List.of(TEXT))) {
            return new Payload.Text(text(TEXT, row));
        } else if (names.equals(List.of(SECOND, TEXT))) {
            return new Payload.TextPair(text(TEXT, row), text(SECOND, row));
        } else if (names.equals(List.of(CONTEXT, QUESTION))) {
            return new Payload.TextPair(text(QUESTION, row), text(CONTEXT, row));
        } else if (names.equals(List.of(IMAGE))) {
            return new Payload.EncodedImage(file(IMAGE, row));
        } else if (names.equals(List.of(AUDIO))) {
            return new Payload.Waveform(file(AUDIO, row), 0);
        } else if (names.equals(List.of(NUMBERS))) {
            return numbers(row, rows);
        }
        throw Problem.malformed(
                        "the inputs must be one of 'text', 'text' and 'second', 'question' and 'context', 'image', 'audio' or 'numbers', but are %s; the metadata of the model says which"
                                .formatted(names))
                .raised();
    }

    private InputTensor tensor(String name) {
        InputTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("tensor " + name + " was there");
        }
        return tensor;
    }

    private byte[] bytes(String name, int row) {
        InputTensor tensor = tensor(name);
        List<byte[]> texts = tensor.texts();
        if (texts == null || texts.size() != tensor.rows()) {
            throw Problem.malformed(
                            "input '%s' must have the datatype BYTES and one element in each row, but has shape %s"
                                    .formatted(name, tensor.shape()))
                    .raised();
        }
        return texts.get(row);
    }

    private String text(String name, int row) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(name, row)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("row %d of input '%s' must be text in UTF-8, but is not".formatted(row, name))
                    .raised();
        }
    }

    /** Returns a file, which JSON has in base64. */
    private byte[] file(String name, int row) {
        byte[] bytes = bytes(name, row);
        if (tensor(name).isBinary()) {
            return bytes;
        }
        try {
            return Base64.getDecoder().decode(bytes);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("row %d of input '%s' must be a file in base64, but is not: %s"
                            .formatted(row, name, e.getMessage()))
                    .raised();
        }
    }

    private Payload numbers(int row, int rows) {
        InputTensor tensor = tensor(NUMBERS);
        float[] all = tensor.numbers();
        if (all == null) {
            throw Problem.malformed("input '%s' must have a datatype of numbers, but has BYTES".formatted(NUMBERS))
                    .raised();
        }
        int size = all.length / rows;
        List<Integer> shape = tensor.shape().size() == 1
                ? List.of(size)
                : tensor.shape().subList(1, tensor.shape().size());
        return new Payload.Tensor(shape, Arrays.copyOfRange(all, row * size, (row + 1) * size));
    }
}
