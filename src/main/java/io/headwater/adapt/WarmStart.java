package io.headwater.adapt;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.race.FirstWeights;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.LinearStart;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the weights of a head in closed form during the first samples of a lane, so that gradients start from a good
 * output layer instead of one of zeros, and do not distort pre-trained layers to compensate for it (LP-FT: Kumar et al.,
 * "Fine-tuning can distort pretrained features and underperform out-of-distribution", 2022).
 *
 * <p>The weights depend only on the samples that are in memory, so nothing of it is stored. Where the head is an output
 * layer on frozen features, or has a hidden layer of at least two units for each output, it computes the logits of the
 * closed form on these features. Otherwise only its output layer is replaced, by the closed form on the activations that
 * it reads.
 */
final class WarmStart {
    /** Larger steps of the number of samples than this factor are not skipped. */
    private static final double GROWTH = 1.25;

    private final Heads heads;
    private final LaneMemory memory;
    private final @Nullable LinearTarget target;
    private final int samples;
    private final boolean frozen;

    private WarmStart(Heads heads, LaneMemory memory, @Nullable LinearTarget target, int samples, boolean frozen) {
        this.heads = heads;
        this.memory = memory;
        this.target = target;
        this.samples = samples;
        this.frozen = frozen;
    }

    static WarmStart of(AdaptationConfig config, Goal goal, Heads heads, LaneMemory memory) {
        boolean isNew = config.head().outputLayer() == OutputLayerChoice.NEW;
        boolean frozen = !config.strategy().unfreezes()
                && config.strategy().top().scalarMix().isEmpty();
        return new WarmStart(
                heads,
                memory,
                goal.linearTarget().orElse(null),
                isNew ? config.training().gradients().warmStart() : 0,
                frozen);
    }

    /**
     * Whether the next weights are computed in closed form.
     *
     * @param head a head of this lane
     * @param fresh new samples, which the memory has counted and does not replay yet
     */
    boolean covers(Head head, List<StoredSample> fresh) {
        return target != null
                && memory.samples() <= samples
                && !memory.isStarted()
                && head.state().iteration() == 0
                && memory.remembered().size() + fresh.size() == memory.learned();
    }

    /**
     * Returns a new head whose weights are computed from all samples so far; empty when the former ones are kept because
     * there are only a few more samples than when they were computed.
     *
     * @param head the head with its former weights, which stays open
     * @param fresh new samples
     */
    Optional<Head> started(Head head, List<StoredSample> fresh) {
        List<StoredSample> all = new ArrayList<>(memory.remembered());
        if (target == null || !isDue(all.size(), fresh.size())) {
            return Optional.empty();
        }
        all.addAll(fresh);
        return parameters(target, fresh(head.outputs()), head.outputs(), all).map(parameters -> {
            Head started = heads.restore(HeadState.ofParameters(parameters));
            started.observe(features(all));
            return started;
        });
    }

    /** Whether the number of samples passes a power of the growth. */
    private static boolean isDue(int before, int added) {
        return added > 0 && (before == 0 || power(before) != power(before + added));
    }

    private static int power(int samples) {
        return (int) (StrictMath.log(samples) / StrictMath.log(GROWTH));
    }

    private Map<String, Tensor.F32> fresh(int outputs) {
        try (Head fresh = heads.create(outputs)) {
            return fresh.state().parameters();
        }
    }

    private Optional<Map<String, Tensor.F32>> parameters(
            LinearTarget kind, Map<String, Tensor.F32> fresh, int outputs, List<StoredSample> all) {
        if (frozen && LinearStart.fits(fresh)) {
            return FirstWeights.of(kind, heads.inputs(), all, outputs)
                    .map(weights -> LinearStart.of(fresh, weights.parameters(), features(all)));
        }
        Map<String, Tensor.F32> below = frozen ? LinearStart.scaled(fresh, features(all)) : fresh;
        return FirstWeights.of(kind, Penultimate.width(below), Penultimate.of(heads, below, all), outputs)
                .map(weights -> {
                    Map<String, Tensor.F32> parameters = new TreeMap<>(below);
                    parameters.putAll(weights.parameters());
                    return parameters;
                });
    }

    private static float[][] features(List<StoredSample> samples) {
        return samples.stream().map(StoredSample::features).toArray(float[][]::new);
    }
}
