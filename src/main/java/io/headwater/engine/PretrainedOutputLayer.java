package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.PretrainedLabels;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The output layer of the base model, from which new heads begin.
 *
 * @param parameters {@code output/W} [features, classes] and {@code output/b} [classes], the classes in the order of the
 *     adaptation; empty when the output layer is a new one
 */
public record PretrainedOutputLayer(Map<String, Tensor.F32> parameters) {
    /** The output layer is a new one. */
    public static final PretrainedOutputLayer NONE = new PretrainedOutputLayer(Map.of());

    public PretrainedOutputLayer {
        parameters = Map.copyOf(parameters);
    }

    /**
     * What {@code config} keeps of its base model.
     *
     * @param width features of one sample
     * @param classifier looks for it in the model; is asked only when it is kept
     * @throws ConfigurationException when the labels of manifest, model and adaptation are not the same
     * @throws BackboneException when it is not one of such features, or not finite
     */
    public static PretrainedOutputLayer of(
            BaseModelManifest manifest, AdaptationConfig config, int width, Supplier<PretrainedClassifier> classifier) {
        if (config.head().outputLayer() != OutputLayerChoice.KEEP) {
            return NONE;
        }
        int[] places = PretrainedLabels.places(manifest, config);
        PretrainedClassifier old = classifier.get();
        if (old.classes() != places.length) {
            throw ConfigurationException.of(
                    "labels of base model '%s' must be as many as its output layer has classes, which is %d, but are %d; correct its manifest"
                            .formatted(manifest.name(), old.classes(), places.length));
        }
        if (old.features() != width) {
            throw new BackboneException("head.output-layer keep needs an output layer of the " + width
                    + " features that the cut and its pooling give, but that of the model reads " + old.features()
                    + "; correct cut or pooling, or choose head.output-layer new");
        }
        if (!old.isFinite()) {
            throw new BackboneException(
                    "head.output-layer keep needs an output layer of finite weights, but that of the"
                            + " model has NaN or infinity; choose head.output-layer new");
        }
        PretrainedClassifier ordered = old.inOrder(places);
        return new PretrainedOutputLayer(Map.of("output/W", ordered.weights(), "output/b", ordered.bias()));
    }

    /**
     * Returns when {@code config} asks for a new output layer.
     *
     * @param why no layer of the base model can be kept, as a clause
     * @throws ConfigurationException when it asks to keep the one of the base model
     */
    public static void requireNew(AdaptationConfig config, String why) {
        if (config.head().outputLayer() == OutputLayerChoice.KEEP) {
            throw ConfigurationException.of("head.output-layer must be new, because " + why
                    + " that no layer of the base model reads, but is keep; choose new");
        }
    }

    /**
     * The parameters of a new head with this output layer, where there is one.
     *
     * @throws IllegalArgumentException when it is of other classes than the head
     */
    public Map<String, Tensor.F32> in(Map<String, Tensor.F32> fresh) {
        Map<String, Tensor.F32> all = new TreeMap<>(fresh);
        parameters.forEach((name, tensor) -> {
            Tensor.F32 replaced = all.put(name, tensor);
            if (replaced == null || !Arrays.equals(replaced.shape(), tensor.shape())) {
                throw new IllegalArgumentException("a new head must have the classes of the output layer that is kept,"
                        + " whose " + name + " is " + Arrays.toString(tensor.shape()) + ", but would have "
                        + (replaced == null ? "none" : Arrays.toString(replaced.shape()))
                        + "; give the adaptation a new name");
            }
        });
        return all;
    }
}
