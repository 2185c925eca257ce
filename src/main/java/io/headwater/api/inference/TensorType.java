package io.headwater.api.inference;

import io.headwater.api.http.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The types of elements that inputs may have. */
enum TensorType {
    BYTES(0),
    FP32(Float.BYTES),
    FP64(Double.BYTES),
    INT8(Byte.BYTES),
    INT16(Short.BYTES),
    INT32(Integer.BYTES),
    INT64(Long.BYTES),
    UINT8(Byte.BYTES);

    private static final int BYTE = 0xff;

    private final int size;

    /** @param size in bytes; 0 when elements have a length of their own */
    TensorType(int size) {
        this.size = size;
    }

    static TensorType of(String tensor, String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.malformed("tensor '%s' must have one of the datatypes %s, but has '%s'"
                                .formatted(tensor, List.of(values()), name))
                        .raised());
    }

    /** Reads numbers, which are little-endian. */
    float[] numbers(String tensor, ByteBuffer bytes) {
        if (bytes.remaining() % size != 0) {
            throw Problem.malformed("tensor '%s' must have %d bytes for each %s, but has %d"
                            .formatted(tensor, size, name(), bytes.remaining()))
                    .raised();
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[bytes.remaining() / size];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (this) {
                case FP32 -> bytes.getFloat();
                case FP64 -> (float) bytes.getDouble();
                case INT8 -> bytes.get();
                case INT16 -> bytes.getShort();
                case INT32 -> bytes.getInt();
                case INT64 -> bytes.getLong();
                case UINT8 -> bytes.get() & BYTE;
                case BYTES -> throw new IllegalStateException("BYTES are no numbers");
            };
        }
        return numbers;
    }

    /** Reads elements of which each is a little-endian length of 4 bytes with as many bytes behind it. */
    static List<byte[]> texts(String tensor, ByteBuffer bytes) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> texts = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw Problem.malformed(
                                "tensor '%s' must have a length of 4 bytes before each element, and as many bytes behind it, but element %d has not"
                                        .formatted(tensor, texts.size()))
                        .raised();
            }
            Elements.requireRoom(texts);
            byte[] text = new byte[length];
            bytes.get(text);
            texts.add(text);
        }
        return texts;
    }
}
