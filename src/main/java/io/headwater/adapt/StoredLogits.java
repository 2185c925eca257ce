package io.headwater.adapt;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.Head;
import io.headwater.engine.RecallObjective;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers with each sample the logits that the head computed when it had learned the sample, and keeps the logits of
 * replayed samples near them: DER++ (Buzzega et al., "Dark Experience for General Continual Learning: a Strong, Simple
 * Baseline", 2020). Labels and logits are learned from the same replayed samples, not from two draws as in the original,
 * which costs one pass less.
 */
record StoredLogits() implements Remembering {
    private static final float[] UNKNOWN = {};

    @Override
    public float[][] targets(List<StoredSample> rows, int fresh, float[][] targets) {
        float[][] joined = new float[targets.length][];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = RecallObjective.target(
                    targets[i], i < fresh ? UNKNOWN : rows.get(i).logits());
        }
        return joined;
    }

    @Override
    public List<StoredSample> kept(List<StoredSample> samples, @Nullable Head head) {
        if (head == null || samples.isEmpty()) {
            return samples;
        }
        float[][] logits =
                head.logits(samples.stream().map(StoredSample::features).toArray(float[][]::new));
        List<StoredSample> kept = new ArrayList<>(logits.length);
        for (int i = 0; i < logits.length; i++) {
            kept.add(samples.get(i).withLogits(logits[i]));
        }
        return kept;
    }
}
