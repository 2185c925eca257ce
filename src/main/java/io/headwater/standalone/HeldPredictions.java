package io.headwater.standalone;

import io.headwater.task.ScoredPrediction;
import java.util.List;

/** Collects the predictions for test data, from which the metrics are computed, in at most a quarter of the memory. */
final class HeldPredictions {
    private static final int PART = 4;
    /** The memory that a prediction takes without its probabilities. */
    private static final int PREDICTION = 100;

    private final List<ScoredPrediction> predictions;
    private final long most = Runtime.getRuntime().maxMemory() / PART;
    private long held;

    /**
     * Begins with no prediction.
     *
     * @param predictions empty list, to which the predictions are added
     */
    HeldPredictions(List<ScoredPrediction> predictions) {
        this.predictions = predictions;
    }

    /**
     * Adds predictions.
     *
     * @throws IllegalStateException if all of them take more memory than they may
     */
    void add(List<ScoredPrediction> further) {
        for (ScoredPrediction one : further) {
            held += PREDICTION + (long) Float.BYTES * one.probabilities().size();
            if (held > most) {
                throw new IllegalStateException(
                        "the predictions for the test data must fit into a quarter of the memory of the process, %d MiB, but the first %d alone, each with the probabilities of %d classes, take as much; test with fewer items, or give more memory: HEADWATER_JAVA_OPTS=-Xmx4g"
                                .formatted(
                                        most >> 20,
                                        predictions.size(),
                                        one.probabilities().size()));
            }
            predictions.add(one);
        }
    }
}
