package io.headwater.fuzz;

import io.headwater.engine.graph.TestGraphModels;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.SafetensorsException;
import io.headwater.engine.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.stream.Stream;

/** Safetensors files. */
class SafetensorsFuzzTest extends ReaderFuzzing {
    @Override
    void read(byte[] bytes) {
        try {
            Safetensors.read(bytes);
        } catch (SafetensorsException refused) {
            // Documented for bytes that violate a rule of the format.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        Map<String, Tensor> tensors = Map.of(
                "a", new Tensor.F32(new int[] {2, 1}, new float[] {1, 2}),
                "b", new Tensor.I32(new int[] {1}, new int[] {3}),
                "c", new Tensor.I64(new int[] {}, new long[] {4}));
        return Stream.of(
                Safetensors.write(tensors, Map.of("made", "here")),
                Safetensors.write(Map.of(), Map.of()),
                TestGraphModels.policyFile());
    }

    @Override
    Stream<byte[]> large() {
        int length = ReaderBounds.MAX_INPUT - Long.BYTES;
        StringBuilder tensors = new StringBuilder("{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        for (int i = 0; tensors.length() < length - 80; i++) {
            tensors.append(",\"%d\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i));
        }
        StringBuilder texts = new StringBuilder("{\"__metadata__\":{\"t\":\"\"");
        for (int i = 0; texts.length() < length - 20; i++) {
            texts.append(",\"%d\":\"\"".formatted(i));
        }
        return Stream.of(tensors.append('}').toString(), texts.append("}}").toString(), "[".repeat(length))
                .map(SafetensorsFuzzTest::headed);
    }

    private static byte[] headed(String header) {
        return ByteBuffer.allocate(Long.BYTES + header.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length())
                .put(utf8(header))
                .array();
    }
}
