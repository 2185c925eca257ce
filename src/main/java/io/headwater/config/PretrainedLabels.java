package io.headwater.config;

import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.key.KeyText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Checks that an adaptation which keeps the output layer of its base model has the labels of that layer. */
public final class PretrainedLabels {
    private static final int SHOWN = 5;

    private PretrainedLabels() {}

    /**
     * Checks the labels of the adaptation against those of {@code manifest}. Does nothing when the adaptation does not
     * keep the output layer.
     *
     * @throws ConfigurationException when the adaptation's labels are not the labels of the manifest, in any order
     */
    public static void check(BaseModelManifest manifest, AdaptationConfig config) {
        if (config.head().outputLayer() == OutputLayerChoice.KEEP) {
            places(manifest, config);
        }
    }

    /**
     * Returns, for each label of the adaptation in order, the index of the output of the base model that represents it.
     *
     * @throws ConfigurationException when the labels are not the labels of the manifest, in any order
     */
    public static int[] places(BaseModelManifest manifest, AdaptationConfig config) {
        if (manifest.labels().isEmpty()) {
            throw ConfigurationException.of(
                    "head.output-layer keep needs the labels of base model '%s', but its manifest has none; list them there in the order of the model's outputs, or choose head.output-layer new"
                            .formatted(manifest.name()));
        }
        Map<String, Integer> outputs = new HashMap<>();
        for (String label : manifest.labels()) {
            outputs.put(label, outputs.size());
        }
        if (!outputs.keySet().equals(new HashSet<>(config.labels()))) {
            throw ConfigurationException.of(
                    "labels must be those of base model '%s' with head.output-layer keep, in any order, but lack %s and have %s besides; list the same, or choose head.output-layer new"
                            .formatted(
                                    manifest.name(),
                                    without(manifest.labels(), config.labels()),
                                    without(config.labels(), manifest.labels())));
        }
        return config.labels().stream()
                .mapToInt(label -> Objects.requireNonNull(outputs.get(label)))
                .toArray();
    }

    private static String without(List<String> labels, List<String> others) {
        Set<String> known = new HashSet<>(others);
        List<String> left =
                labels.stream().filter(label -> !known.contains(label)).toList();
        List<String> shown = left.stream()
                .limit(SHOWN)
                .map(label -> "'" + KeyText.shown(label) + "'")
                .toList();
        String more = left.size() > SHOWN ? " and " + (left.size() - SHOWN) + " more" : "";
        return left.isEmpty() ? "none" : String.join(", ", shown) + more;
    }
}
