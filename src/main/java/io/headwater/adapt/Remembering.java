package io.headwater.adapt;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.config.AdaptationConfig;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a head that is trained by gradients from forgetting. It depends only on the samples and on how they are
 * divided into steps. Not thread-safe.
 */
sealed interface Remembering extends AutoCloseable permits ReplayedSamples, StoredLogits, FormerVersion {

    /**
     * Returns what {@code config} demands.
     *
     * @param former what {@link #former} of the lane returned
     */
    static Remembering of(AdaptationConfig config, Heads heads, LaneMemory memory, Map<String, Tensor.F32> former) {
        return switch (config.training().gradients().remember().method()) {
            // The optimiser of the head does what EWC needs, as it has the gradients.
            case REPLAY, EWC -> new ReplayedSamples();
            case DER -> new StoredLogits();
            case LWF -> new FormerVersion(heads, memory, former);
        };
    }

    /**
     * Returns the targets of a step in the form that the objective of the head expects.
     *
     * @param rows the samples of the step: {@code fresh} new ones, followed by replayed ones
     * @param targets their targets in the form that the objective of the task expects
     */
    default float[][] targets(List<StoredSample> rows, int fresh, float[][] targets) {
        return targets;
    }

    /**
     * Returns new samples in the form in which they are kept for replay.
     *
     * @param head the head that has learned them; null when there is none yet
     */
    default List<StoredSample> kept(List<StoredSample> samples, @Nullable Head head) {
        return samples;
    }

    /** Notes that the head has taken all steps of a batch. */
    default void learned(Head head) {}

    /** Notes that the stream has changed, so that what was learned before is not worth remembering. */
    default void forget() {}

    /** Returns the weights of a former version that it remembers; empty when it remembers none. */
    default Map<String, Tensor.F32> former() {
        return Map.of();
    }

    @Override
    default void close() {}
}
