package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelInput;
import io.headwater.config.ImageInput;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.engine.BackboneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Checks the inputs of an ONNX model against its manifest and creates the feed for them. */
final class Feeds {
    private final Map<String, TensorInfo> inputs;

    private Feeds(Map<String, TensorInfo> inputs) {
        this.inputs = inputs;
    }

    /**
     * Returns the feed for {@code input}.
     *
     * @param inputs the inputs of the model below the cut
     * @throws BackboneException when names, types or shapes do not match the manifest
     */
    static Feed of(BaseModelInput input, Map<String, TensorInfo> inputs) {
        Feeds feeds = new Feeds(inputs);
        if (input instanceof TextInput text) {
            return feeds.text(text);
        }
        if (input instanceof TensorInput tensor) {
            return feeds.tensor(tensor);
        }
        return feeds.image((ImageInput) input);
    }

    /**
     * Returns the feed for inputs of the part above the cut other than the tensors of the cut, such as a mask. Their
     * values are derived from the number of tokens alone.
     *
     * @param inputs the inputs of the part above the cut, without the tensors of the cut
     * @throws BackboneException when the manifest does not declare one of them, or it carries the sample
     */
    static SideFeed aside(BaseModelInput input, Map<String, TensorInfo> inputs) {
        Feeds feeds = new Feeds(inputs);
        if (input instanceof TextInput text) {
            return feeds.besideTokens(text);
        }
        List<String> known = input instanceof TensorInput tensor ? tensor.zeros() : List.of();
        feeds.requireKnown(known);
        List<ZeroInput> zeros = inputs.keySet().stream()
                .map(name -> feeds.zero(name, "", Map.of()))
                .toList();
        return new SideFeed(null, zeros);
    }

    private SideFeed besideTokens(TextInput spec) {
        List<String> tokens = tokens(spec);
        requireKnown(Stream.concat(tokens.stream(), spec.past().stream()).toList());
        List<ZeroInput> past = spec.past().stream()
                .filter(inputs::containsKey)
                .map(name -> past(name, ""))
                .toList();
        return new SideFeed(new TextFeed(spec, types(tokens), past, 0, fixedTokensOfShape(spec.ids())), List.of());
    }

    /** Returns the fixed number of tokens where nothing but the ids is read, of which only the shape may be; otherwise 0. */
    private int fixedTokensOfShape(String ids) {
        return inputs.keySet().equals(Set.of(ids)) ? (int) Math.max(0, info(ids).getShape()[1]) : 0;
    }

    private void requireKnown(List<String> names) {
        if (!names.containsAll(inputs.keySet())) {
            throw new BackboneException("the part above the cut may read the inputs " + names
                    + " of the manifest beside the cut, but reads " + inputs.keySet()
                    + "; correct the names or the cut");
        }
    }

    private static List<String> tokens(TextInput spec) {
        return Stream.of(spec.ids(), spec.mask(), spec.types(), spec.positions())
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private Feed text(TextInput spec) {
        List<String> tokens = tokens(spec);
        requireNames(spec.ids(), tokens, spec.past());
        Map<String, OnnxJavaType> types = types(tokens);
        long[] shape = info(spec.ids()).getShape();
        require(
                shape[1] <= 0 || shape[1] >= spec.maxTokens(),
                spec.ids(),
                "have room for the " + spec.maxTokens() + " tokens of the manifest",
                shape(info(spec.ids())));
        requireRows(spec.ids());
        List<ZeroInput> past = spec.past().stream()
                .filter(inputs::containsKey)
                .map(name -> past(name, info(spec.ids()).getDimensionNames()[0]))
                .toList();
        return new TextFeed(spec, types, past, (int) Math.max(0, shape[0]), (int) Math.max(0, shape[1]));
    }

    private Map<String, OnnxJavaType> types(List<String> tokens) {
        Map<String, OnnxJavaType> types = new LinkedHashMap<>();
        for (String name : tokens) {
            if (inputs.containsKey(name)) {
                TensorInfo info = info(name);
                require(
                        info.type == OnnxJavaType.INT64 || info.type == OnnxJavaType.INT32,
                        name,
                        "be of type int64 or int32",
                        info.type);
                require(info.getShape().length == 2, name, "have the axes [batch, tokens]", shape(info));
                types.put(name, info.type);
            }
        }
        return types;
    }

    /**
     * Returns the empty past of a decoder. The batch axis is the free axis with the same name as that of the ids, or
     * else the first free axis; the other free axes have size 0.
     */
    private ZeroInput past(String name, String batch) {
        TensorInfo info = info(name);
        require(
                info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.FLOAT16,
                name,
                "be of type float32 or float16",
                info.type);
        long[] shape = info.getShape();
        List<Integer> free = new ArrayList<>();
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                free.add(axis);
            }
        }
        require(
                free.size() >= 2,
                name,
                "have a free axis for the batch and one for the length of the past",
                shape(info));
        int batchAxis = free.stream()
                .filter(axis -> !batch.isEmpty() && batch.equals(info.getDimensionNames()[axis]))
                .findFirst()
                .orElse(free.get(0));
        free.forEach(axis -> shape[axis] = axis == batchAxis ? 1 : 0);
        return new ZeroInput(name, info.type, shape, batchAxis);
    }

    private Feed image(ImageInput spec) {
        requireNames(spec.name(), List.of(), List.of());
        boolean half = half(spec.name());
        requireShape(spec.name(), ImageFeed.shape(spec, 1));
        return new ImageFeed(spec, half, (int) Math.max(0, info(spec.name()).getShape()[0]));
    }

    private Feed tensor(TensorInput spec) {
        requireNames(spec.name(), List.of(), spec.zeros());
        boolean half = half(spec.name());
        long[] expected = Stream.concat(Stream.of(1), spec.shape().stream())
                .mapToLong(Integer::longValue)
                .toArray();
        requireShape(spec.name(), expected);
        TensorInfo sample = info(spec.name());
        Map<String, Long> axes = axes(sample, expected);
        List<ZeroInput> zeros = spec.zeros().stream()
                .filter(inputs::containsKey)
                .map(name -> zero(name, sample.getDimensionNames()[0], axes))
                .toList();
        int fixed = (int) Math.max(0, sample.getShape()[0]);
        boolean anyFixed = zeros.stream()
                .anyMatch(zero -> zero.batchAxis() >= 0 && info(zero.name()).getShape()[zero.batchAxis()] > 0);
        return new TensorFeed(spec, half, zeros, anyFixed ? 1 : fixed);
    }

    /** Returns the sizes of the named free axes of the sample after the first. */
    private static Map<String, Long> axes(TensorInfo sample, long[] sizes) {
        Map<String, Long> axes = new LinkedHashMap<>();
        for (int axis = 1; axis < sizes.length; axis++) {
            String name = sample.getDimensionNames()[axis];
            if (sample.getShape()[axis] < 0 && !name.isEmpty()) {
                axes.putIfAbsent(name, sizes[axis]);
            }
        }
        return axes;
    }

    /**
     * Returns the zeros of an input that carries no sample, such as a state. Free axes have the size of the sample's axes
     * of the same name, otherwise 1.
     *
     * @param batch the name of the sample's batch axis; empty if it has none
     * @param axes the sizes of the sample's other named free axes
     */
    private ZeroInput zero(String name, String batch, Map<String, Long> axes) {
        TensorInfo info = info(name);
        require(ZeroInput.isKnown(info.type), name, "be of a float, int or bool type", info.type);
        int batchAxis = batchAxis(info, batch, axes);
        long[] shape = info.getShape();
        for (int axis = 0; axis < shape.length; axis++) {
            if (axis == batchAxis) {
                shape[axis] = 1;
            } else if (shape[axis] < 0) {
                shape[axis] = axes.getOrDefault(info.getDimensionNames()[axis], 1L);
            }
        }
        return new ZeroInput(name, info.type, shape, batchAxis);
    }

    /**
     * Returns the batch axis of an input that carries no sample: the free axis with the name of the sample's batch axis,
     * else the first free axis that the sample does not name otherwise, else the first axis of size 1; -1 if all rows share it.
     */
    private static int batchAxis(TensorInfo info, String batch, Map<String, Long> others) {
        long[] shape = info.getShape();
        List<Integer> axes = IntStream.range(0, shape.length).boxed().toList();
        return axes.stream()
                .filter(axis -> shape[axis] < 0 && !batch.isEmpty())
                .filter(axis -> batch.equals(info.getDimensionNames()[axis]))
                .findFirst()
                .or(() -> axes.stream()
                        .filter(axis -> shape[axis] < 0 && !others.containsKey(info.getDimensionNames()[axis]))
                        .findFirst())
                .or(() -> axes.stream().filter(axis -> shape[axis] == 1).findFirst())
                .orElse(-1);
    }

    private boolean half(String name) {
        OnnxJavaType type = info(name).type;
        require(
                type == OnnxJavaType.FLOAT16 || type == OnnxJavaType.FLOAT,
                name,
                "be of type float32 or float16",
                type);
        return type == OnnxJavaType.FLOAT16;
    }

    private void requireShape(String name, long[] expected) {
        long[] shape = info(name).getShape();
        boolean fits = shape.length == expected.length;
        for (int axis = 0; fits && axis < shape.length; axis++) {
            fits = shape[axis] <= 0 || shape[axis] == expected[axis];
        }
        require(fits, name, "fit the manifest's " + Arrays.toString(expected), shape(info(name)));
    }

    private void requireRows(String name) {
        long[] shape = info(name).getShape();
        require(shape.length > 0 && shape[0] <= 1, name, "have a free batch axis or one of size 1", shape(info(name)));
    }

    /**
     * Checks that the model has the main input, and no inputs other than the manifest's; it may lack those that only
     * the part above the cut reads.
     */
    private void requireNames(String main, List<String> others, List<String> more) {
        List<String> names = Stream.of(List.of(main), others, more)
                .flatMap(List::stream)
                .distinct()
                .toList();
        if (!inputs.containsKey(main) || !Set.copyOf(names).containsAll(inputs.keySet())) {
            throw new BackboneException("the model below the cut must have the inputs " + names
                    + " of the manifest, but has " + inputs.keySet() + "; correct the names or the cut");
        }
    }

    private TensorInfo info(String name) {
        return Objects.requireNonNull(inputs.get(name));
    }

    private static String shape(TensorInfo info) {
        return "shape " + Arrays.toString(info.getShape());
    }

    private static void require(boolean holds, String input, String rule, Object actual) {
        if (!holds) {
            throw new BackboneException("input '" + input + "' of the model must " + rule + ", but has " + actual
                    + "; correct the manifest or use another model");
        }
    }
}
