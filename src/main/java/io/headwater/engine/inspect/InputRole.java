package io.headwater.engine.inspect;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The role of a model's input, guessed from its name, type and shape. */
enum InputRole {
    /** Token ids. */
    IDS,
    /** The attention mask: 1 for real tokens. */
    MASK,
    /** Segment ids. */
    TYPES,
    /** Positions of the tokens. */
    POSITIONS,
    /** Keys and values of earlier tokens. */
    PAST,
    /** An image of three channels. */
    IMAGE,
    /** Numbers that need no further preprocessing. */
    TENSOR,
    /** An input that is fed zeros. */
    ZEROS;

    /** Returns the name in manifests and reports. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the role with that name. */
    static InputRole of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /** Whether it carries the sample. */
    boolean isSample() {
        return this == IDS || this == IMAGE || this == TENSOR;
    }

    /** Returns the role of each of {@code inputs}; at most one carries the sample. */
    static Map<String, InputRole> of(Map<String, TensorInfo> inputs) {
        Map<String, InputRole> roles = new LinkedHashMap<>();
        inputs.forEach((name, info) -> roles.put(name, alone(name.toLowerCase(Locale.ROOT), info)));
        keepFirst(roles, IDS);
        if (roles.containsValue(IDS)) {
            roles.replaceAll((name, role) -> role == IMAGE || role == TENSOR ? ZEROS : role);
        } else if (roles.containsValue(IMAGE)) {
            keepFirst(roles, IMAGE);
            roles.replaceAll((name, role) -> role == IMAGE ? IMAGE : ZEROS);
        } else {
            String largest = inputs.entrySet().stream()
                    .filter(input -> roles.get(input.getKey()) == TENSOR)
                    .max((a, b) -> Long.compare(size(a.getValue()), size(b.getValue())))
                    .map(Map.Entry::getKey)
                    .orElse("");
            roles.replaceAll((name, role) -> name.equals(largest) ? TENSOR : ZEROS);
        }
        return roles;
    }

    private static InputRole alone(String name, TensorInfo info) {
        int rank = info.getShape().length;
        if ((info.type == OnnxJavaType.INT64 || info.type == OnnxJavaType.INT32) && rank == 2) {
            return name.contains("mask")
                    ? MASK
                    : name.contains("position")
                            ? POSITIONS
                            : name.contains("type") || name.contains("segment") ? TYPES : IDS;
        }
        if (info.type != OnnxJavaType.FLOAT && info.type != OnnxJavaType.FLOAT16) {
            return ZEROS;
        }
        if (name.contains("past")) {
            return PAST;
        }
        boolean image = rank == 4 && (info.getShape()[1] == 3 || info.getShape()[3] == 3);
        return image ? IMAGE : TENSOR;
    }

    private static void keepFirst(Map<String, InputRole> roles, InputRole only) {
        boolean[] seen = {false};
        roles.replaceAll((name, role) -> {
            boolean again = role == only && seen[0];
            seen[0] |= role == only;
            return again ? ZEROS : role;
        });
    }

    /**
     * Returns the number of elements of a row, where free axes count as 1; an input with only a batch axis has the
     * smallest size.
     */
    private static long size(TensorInfo info) {
        long[] shape = info.getShape();
        return shape.length < 2
                ? 0
                : Arrays.stream(shape).skip(1).map(n -> Math.max(1, n)).reduce(1, (a, b) -> a * b);
    }
}
