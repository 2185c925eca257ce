package io.headwater.adapt;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.RecallObjective;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the weights of a former version, and keeps the predictions for the samples of a step near those of that
 * version: LwF (Li and Hoiem, "Learning without Forgetting", 2016). The original distils from the model before a new task.
 * A stream has no tasks, so the version is renewed after a fixed number of steps, whenever versions are published, so that
 * what is learned depends on the samples alone.
 */
final class FormerVersion implements Remembering {
    /** How many batches a former version lasts. */
    private static final int BATCHES = 20;

    private static final float[] UNKNOWN = {};

    private final Heads heads;
    private final LaneMemory memory;
    private Map<String, Tensor.F32> parameters;
    private @Nullable Head head;

    /**
     * Creates the memory of a lane.
     *
     * @param parameters the weights that {@link #former} returned; empty without a former version
     */
    FormerVersion(Heads heads, LaneMemory memory, Map<String, Tensor.F32> parameters) {
        this.heads = heads;
        this.memory = memory;
        this.parameters = parameters;
        this.head = parameters.isEmpty() ? null : heads.answering(parameters);
    }

    @Override
    public float[][] targets(List<StoredSample> rows, int fresh, float[][] targets) {
        float[][] logits = head == null
                ? null
                : head.logits(rows.stream().map(StoredSample::features).toArray(float[][]::new));
        float[][] joined = new float[targets.length][];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = RecallObjective.target(targets[i], logits == null ? UNKNOWN : logits[i]);
        }
        return joined;
    }

    @Override
    public void learned(Head learner) {
        if ((memory.steps() + 1) % BATCHES == 0) {
            Map<String, Tensor.F32> copied = learner.state().parameters();
            Head copy = heads.answering(copied);
            close();
            parameters = copied;
            head = copy;
        }
    }

    @Override
    public void forget() {
        close();
        parameters = Map.of();
        head = null;
    }

    @Override
    public Map<String, Tensor.F32> former() {
        return parameters;
    }

    @Override
    public void close() {
        if (head != null) {
            head.close();
        }
    }
}
