package io.headwater.api.lanes;

import io.headwater.api.http.NumberArrays.Numbers;
import io.headwater.api.http.Problem;
import io.headwater.domain.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the fields of a request, in any order, and makes a payload of them. A request has exactly one input: a text, a pair of
 * texts, a question with its context, numbers, an image or a sound.
 */
final class InputBuilder {
    static final String FIELDS =
            "text, pair, question with context, numbers (with shape), image, or audio (with sampleRate), and id";

    private final Map<String, Object> fields = new TreeMap<>();

    /**
     * What a caller sends.
     *
     * @param id null when the caller gives none
     */
    record Input(@Nullable String id, Payload payload) {}

    /** Takes a field that was not given before. */
    void put(String name, Object value) {
        if (fields.put(name, value) != null) {
            throw Problem.malformed("field '%s' must be given once, but is there twice".formatted(name))
                    .raised();
        }
    }

    Input build() {
        List<Payload> payloads = new ArrayList<>();
        if (fields.containsKey("text")) {
            payloads.add(new Payload.Text(text("text")));
        }
        if (fields.get("pair") instanceof List<?> pair) {
            payloads.add(new Payload.TextPair((String) pair.get(0), (String) pair.get(1)));
        }
        if (fields.containsKey("question") || fields.containsKey("context")) {
            payloads.add(new Payload.TextPair(text("question"), text("context")));
        }
        if (fields.get("numbers") instanceof Numbers numbers) {
            payloads.add(new Payload.Tensor(shape(numbers), numbers.values()));
        }
        if (fields.get("image") instanceof byte[] image) {
            payloads.add(new Payload.EncodedImage(image));
        }
        if (fields.get("audio") instanceof byte[] audio) {
            payloads.add(new Payload.Waveform(audio, (int) fields.getOrDefault("sampleRate", 0)));
        }
        if (payloads.size() != 1) {
            throw Problem.malformed("a request must have exactly one input, but has %d (fields: %s); its fields are %s"
                            .formatted(payloads.size(), String.join(", ", fields.keySet()), FIELDS))
                    .raised();
        }
        requireCompanion("shape", "numbers");
        requireCompanion("sampleRate", "audio");
        return new Input((String) fields.get("id"), payloads.get(0));
    }

    private String text(String name) {
        if (!fields.containsKey(name)) {
            throw Problem.malformed(
                            "a question must have the fields question and context, but '%s' is missing".formatted(name))
                    .raised();
        }
        return (String) Objects.requireNonNull(fields.get(name));
    }

    private List<Integer> shape(Numbers numbers) {
        if (!(fields.get("shape") instanceof Numbers given)) {
            return numbers.shape();
        }
        List<Integer> shape = new ArrayList<>();
        for (float size : given.values()) {
            if (size != Math.rint(size) || Math.abs(size) > 1 << 24) {
                throw Problem.malformed("the sizes of a shape must be integers up to %d, but one is %s"
                                .formatted(1 << 24, size))
                        .raised();
            }
            shape.add((int) size);
        }
        return shape;
    }

    private void requireCompanion(String name, String of) {
        if (fields.containsKey(name) && !fields.containsKey(of)) {
            throw Problem.malformed("field '%s' belongs to '%s', which is missing".formatted(name, of))
                    .raised();
        }
    }
}
