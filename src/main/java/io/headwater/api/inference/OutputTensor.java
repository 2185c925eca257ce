package io.headwater.api.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A tensor of an answer. */
sealed interface OutputTensor {
    /** Returns the name of the output. */
    String name();

    /** Returns the sizes of its axes. */
    List<Integer> shape();

    /** Returns the name of the type of its elements. */
    String datatype();

    /** Adds its elements to {@code data}. */
    void write(ArrayNode data);

    /** Returns its elements as the binary tensor data extension has them. */
    byte[] binary();

    /** Strings. */
    record Texts(String name, List<Integer> shape, List<String> elements) implements OutputTensor {
        @Override
        public String datatype() {
            return "BYTES";
        }

        @Override
        public void write(ArrayNode data) {
            elements.forEach(data::add);
        }

        @Override
        public byte[] binary() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (String element : elements) {
                byte[] bytes = element.getBytes(StandardCharsets.UTF_8);
                out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bytes.length)
                        .array());
                out.writeBytes(bytes);
            }
            return out.toByteArray();
        }
    }

    /** Numbers. */
    record Floats(String name, List<Integer> shape, float[] elements) implements OutputTensor {
        @Override
        public String datatype() {
            return "FP32";
        }

        @Override
        public void write(ArrayNode data) {
            for (float element : elements) {
                data.add(element);
            }
        }

        @Override
        public byte[] binary() {
            ByteBuffer bytes =
                    ByteBuffer.allocate(Float.BYTES * elements.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(elements);
            return bytes.array();
        }
    }

    /** Writes what is said of it besides its elements. */
    default ObjectNode describe(ObjectNode json) {
        json.put("name", name()).put("datatype", datatype());
        ArrayNode sizes = json.putArray("shape");
        shape().forEach(sizes::add);
        return json;
    }
}
