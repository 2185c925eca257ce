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
 * The output layer of the base model that new heads start from.
 *
 * @param parameters {@code output/W} [features, classes] and {@code output/b} [classes], with the classes in the order
 *     of the adaptation; empty if heads get a new output layer
 */
public record PretrainedOutputLayer(Map<String, Tensor.F32> parameters) {
    /** No pre-trained output layer; heads get a new one. */
    public static final PretrainedOutputLayer NONE = new PretrainedOutputLayer(Map.of());

    public PretrainedOutputLayer {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Returns the output layer of the base model if {@code config} keeps it, else {@link #NONE}.
     *
     * @param width the number of features of one sample
     * @param classifier reads the classifier from the model; called only if it is kept
     * @throws ConfigurationException when the labels of manifest, model and adaptation differ
     * @throws BackboneException when the classifier does not read {@code width} features, or is not finite
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
     * Checks that {@code config} uses a new output layer.
     *
     * @param why the reason why the base model's output layer cannot be kept, as a clause
     * @throws ConfigurationException when it keeps the output layer of the base model
     */
    public static void requireNew(AdaptationConfig config, String why) {
        if (config.head().outputLayer() == OutputLayerChoice.KEEP) {
            throw ConfigurationException.of("head.output-layer must be new, because " + why
                    + " that no layer of the base model reads, but is keep; choose new");
        }
    }

    /**
     * Returns the parameters of a new head, in which this output layer, if there is one, replaces that of
     * {@code fresh}.
     *
     * @throws IllegalArgumentException when its number of classes differs from that of the head
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
