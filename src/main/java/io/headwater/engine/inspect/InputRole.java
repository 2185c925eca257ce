package io.headwater.engine.inspect;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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
    /** An image of one or three channels. */
    IMAGE,
    /** Numbers that need no further preprocessing. */
    TENSOR,
    /** An input that is fed zeros, such as a state. */
    ZEROS;

    /** Names of inputs of one channel that are no images. */
    private static final Pattern NO_IMAGE =
            Pattern.compile("mel|spec|audio|sound|wav|frame|feature|mfcc|signal|obs|state|series");

    private static final Pattern NAMED_IMAGE = Pattern.compile("image|img|pixel|picture|photo");

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

    /**
     * Returns the role of each of {@code inputs}; at most one carries the sample.
     *
     * @param outputs the outputs of the model, of which some may be the next states
     * @param carried the states that recurrent layers begin with
     */
    static Map<String, InputRole> of(
            Map<String, TensorInfo> inputs, Map<String, TensorInfo> outputs, CarriedStates carried) {
        Map<String, InputRole> roles = new LinkedHashMap<>();
        inputs.forEach((name, info) -> roles.put(name, alone(name.toLowerCase(Locale.ROOT), info)));
        keepFirst(roles, IDS);
        if (roles.containsValue(IDS)) {
            roles.replaceAll((name, role) -> role == IMAGE || role == TENSOR ? ZEROS : role);
        } else if (roles.containsValue(IMAGE)) {
            keepFirst(roles, IMAGE);
            roles.replaceAll((name, role) -> role == IMAGE ? IMAGE : ZEROS);
        } else {
            String sample = sample(inputs, roles, outputs.values(), carried);
            roles.replaceAll((name, role) -> name.equals(sample) ? TENSOR : ZEROS);
        }
        return roles;
    }

    /** Returns the largest input of numbers that is not a state; the largest one if all of them look like states. */
    private static String sample(
            Map<String, TensorInfo> inputs,
            Map<String, InputRole> roles,
            Collection<TensorInfo> outputs,
            CarriedStates carried) {
        List<Entry<String, TensorInfo>> numbers = inputs.entrySet().stream()
                .filter(input -> roles.get(input.getKey()) == TENSOR)
                .toList();
        List<TensorInfo> all = numbers.stream().map(Entry::getValue).toList();
        List<Entry<String, TensorInfo>> samples = numbers.stream()
                .filter(input ->
                        !carried.contains(input.getKey()) && !isState(input.getKey(), input.getValue(), all, outputs))
                .toList();
        return (samples.isEmpty() ? numbers : samples)
                .stream()
                        .max((a, b) -> Long.compare(size(a.getValue()), size(b.getValue())))
                        .map(Entry::getKey)
                        .orElse("");
    }

    /**
     * Whether an input carries a state: its batch axis is not the first, although that of another input is, or it is
     * named like a state and an output has the same shape.
     */
    private static boolean isState(
            String name, TensorInfo info, List<TensorInfo> inputs, Collection<TensorInfo> outputs) {
        boolean later = batchAxis(info) > 0;
        if (later && inputs.stream().anyMatch(other -> batchAxis(other) == 0)
                || inputs.stream().anyMatch(other -> hasRowsLater(info.getShape(), other.getShape()))) {
            return true;
        }
        return OutputChoice.isState(name)
                && outputs.stream().anyMatch(output -> Arrays.equals(output.getShape(), info.getShape()));
    }

    /** Whether a later axis, and not the first one, has the fixed number of rows that another input has. */
    private static boolean hasRowsLater(long[] shape, long[] other) {
        return shape.length > 1
                && other.length > 0
                && other[0] > 1
                && shape[0] > 0
                && shape[0] != other[0]
                && Arrays.stream(shape).skip(1).anyMatch(size -> size == other[0]);
    }

    /** Returns the first axis that is free, else the first one of size 1; 0 if there is none. */
    private static int batchAxis(TensorInfo info) {
        long[] shape = info.getShape();
        return IntStream.range(0, shape.length)
                .filter(axis -> shape[axis] < 0)
                .findFirst()
                .orElseGet(() -> IntStream.range(0, shape.length)
                        .filter(axis -> shape[axis] == 1)
                        .findFirst()
                        .orElse(0));
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
        return rank == 4 && isImage(name, info.getShape()) ? IMAGE : TENSOR;
    }

    /** Whether a shape of four axes is that of an image; one of a single channel must also be square or have the name. */
    private static boolean isImage(String name, long[] shape) {
        if (shape[1] == 3 || shape[3] == 3) {
            return true;
        }
        boolean planar = shape[1] == 1;
        if (!planar && shape[3] != 1 || NO_IMAGE.matcher(name).find()) {
            return false;
        }
        long height = planar ? shape[2] : shape[1];
        long width = planar ? shape[3] : shape[2];
        return height == width && height > 1 || NAMED_IMAGE.matcher(name).find() && height != 1 && width != 1;
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
