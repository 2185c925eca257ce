package io.headwater.engine;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.Input;
import io.headwater.config.BaseModelManifest.TextInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Holds the inputs of an ONNX model to its manifest and chooses how to feed them. */
final class Feeds {
    private final Map<String, TensorInfo> inputs;

    private Feeds(Map<String, TensorInfo> inputs) {
        this.inputs = inputs;
    }

    /**
     * The feed for {@code input}.
     *
     * @param inputs of the model below the cut
     * @throws BackboneException when names, types or shapes do not fit
     */
    static Feed of(Input input, Map<String, TensorInfo> inputs) {
        Feeds feeds = new Feeds(inputs);
        if (input instanceof TextInput text) {
            return feeds.text(text);
        }
        return feeds.image((ImageInput) input);
    }

    private Feed text(TextInput spec) {
        List<String> names = new ArrayList<>(List.of(spec.ids(), spec.mask()));
        if (!spec.types().isEmpty()) {
            names.add(spec.types());
        }
        requireNames(names);
        for (String name : names) {
            TensorInfo info = info(name);
            require(info.type == OnnxJavaType.INT64, name, "be of type int64", info.type);
            require(info.getShape().length == 2, name, "have the axes [batch, tokens]", shape(info));
        }
        long[] shape = info(spec.ids()).getShape();
        require(
                shape[1] <= 0 || shape[1] >= spec.maxTokens(),
                spec.ids(),
                "have room for the " + spec.maxTokens() + " tokens of the manifest",
                shape(info(spec.ids())));
        require(shape[0] <= 1, spec.ids(), "have a free batch axis or one of size 1", shape(info(spec.ids())));
        return new TextFeed(spec, (int) Math.max(0, shape[0]), (int) Math.max(0, shape[1]));
    }

    private Feed image(ImageInput spec) {
        requireNames(List.of(spec.name()));
        TensorInfo info = info(spec.name());
        boolean half = info.type == OnnxJavaType.FLOAT16;
        require(half || info.type == OnnxJavaType.FLOAT, spec.name(), "be of type float32 or float16", info.type);
        long[] expected = ImageFeed.shape(spec);
        long[] shape = info.getShape();
        boolean fits = shape.length == 4;
        for (int axis = 0; fits && axis < 4; axis++) {
            fits = shape[axis] <= 0 || shape[axis] == expected[axis];
        }
        require(fits, spec.name(), "fit the manifest's " + Arrays.toString(expected), shape(info));
        return new ImageFeed(spec, half);
    }

    private void requireNames(List<String> names) {
        if (!inputs.keySet().equals(Set.copyOf(names))) {
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
