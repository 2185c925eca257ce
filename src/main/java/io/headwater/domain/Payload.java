package io.headwater.domain;

import java.util.List;

/** The input of the model in a sample or a request. Arrays are owned by the record and must not be changed. */
public sealed interface Payload {

    /** Returns the name of the Avro union branch, for use in messages. */
    String kind();

    /**
     * An image as an encoded file.
     *
     * @param bytes the encoded file (JPEG, PNG, GIF, BMP)
     */
    record EncodedImage(byte[] bytes) implements Payload {
        @Override
        public String kind() {
            return "image";
        }
    }

    /** One text. */
    record Text(String text) implements Payload {
        @Override
        public String kind() {
            return "text";
        }
    }

    /** Two texts that are processed together, such as a question and its context. */
    record TextPair(String first, String second) implements Payload {
        @Override
        public String kind() {
            return "text-pair";
        }
    }

    /**
     * Sound as an encoded file or raw PCM.
     *
     * @param bytes the encoded file, or little-endian 16-bit mono PCM when {@code sampleRate} is positive
     * @param sampleRate in hertz; 0 when {@code bytes} is an encoded file, which states its own sample rate
     */
    record Waveform(byte[] bytes, int sampleRate) implements Payload {
        @Override
        public String kind() {
            return "waveform";
        }
    }

    /**
     * A dense tensor in row-major order.
     *
     * @param shape sizes of the axes, outermost first
     * @param values finite values; their number is the product of {@code shape}
     */
    record Tensor(List<Integer> shape, float[] values) implements Payload {
        public Tensor {
            shape = List.copyOf(shape);
        }

        @Override
        public String kind() {
            return "tensor";
        }
    }
}
