package io.headwater.codec;

import io.headwater.domain.Limits;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.events.Image;
import io.headwater.events.Tensor;
import io.headwater.events.Text;
import io.headwater.events.TextPair;
import io.headwater.events.Waveform;
import java.nio.ByteBuffer;
import java.util.List;

/** Maps payloads to branches of the Avro union of payloads and back. */
final class PayloadMapping {

    private PayloadMapping() {}

    static Object toAvro(Payload payload) {
        if (payload instanceof Payload.EncodedImage image) {
            return new Image(ByteBuffer.wrap(image.bytes()));
        } else if (payload instanceof Payload.Text text) {
            return new Text(text.text());
        } else if (payload instanceof Payload.TextPair pair) {
            return new TextPair(pair.first(), pair.second());
        } else if (payload instanceof Payload.Waveform sound) {
            return new Waveform(ByteBuffer.wrap(sound.bytes()), sound.sampleRate());
        }
        Payload.Tensor tensor = (Payload.Tensor) payload;
        return new Tensor(tensor.shape(), Floats.asList(tensor.values()));
    }

    static Payload fromAvro(Object branch) {
        if (branch instanceof Image image) {
            return new Payload.EncodedImage(bytes(image.getBytes()));
        } else if (branch instanceof Text text) {
            return new Payload.Text(text.getText());
        } else if (branch instanceof TextPair pair) {
            return new Payload.TextPair(pair.getFirst(), pair.getSecond());
        } else if (branch instanceof Waveform sound) {
            return waveform(bytes(sound.getBytes()), sound.getSampleRate());
        }
        Tensor tensor = (Tensor) branch;
        return tensor(tensor.getShape(), tensor.getValues());
    }

    private static Payload waveform(byte[] bytes, int sampleRate) {
        if (sampleRate < 0) {
            throw new RejectionException(
                    Reason.BAD_PAYLOAD,
                    "sampleRate of a waveform must not be negative, but is " + sampleRate
                            + "; give the samples a second, or 0 for an encoded file");
        }
        if (sampleRate > 0 && bytes.length % 2 != 0) {
            throw new RejectionException(
                    Reason.BAD_PAYLOAD,
                    "a waveform of 16-bit samples must have an even number of bytes, but has " + bytes.length
                            + "; set sampleRate to 0 if it is an encoded file");
        }
        return new Payload.Waveform(bytes, sampleRate);
    }

    private static Payload tensor(List<Integer> shape, List<Float> values) {
        if (shape.size() > Limits.RANK) {
            throw new RejectionException(
                    Reason.BAD_PAYLOAD,
                    "a tensor must have at most " + Limits.RANK + " dimensions, but has " + shape.size());
        }
        if (!holds(shape, values.size())) {
            throw new RejectionException(
                    Reason.BAD_PAYLOAD,
                    "a tensor must have as many values as the product of its shape, all dimensions being positive, but "
                            + shape + " has " + values.size() + "; repair the producer");
        }
        return new Payload.Tensor(shape, Floats.toFiniteArray("a tensor", values));
    }

    private static boolean holds(List<Integer> shape, int values) {
        long product = 1;
        for (int dimension : shape) {
            product *= dimension;
            if (dimension < 1 || product > values) {
                return false;
            }
        }
        return product == values;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
