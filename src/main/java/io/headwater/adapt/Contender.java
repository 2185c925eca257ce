package io.headwater.adapt;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;

/**
 * A learner in a lane, with its own state. All contenders of a lane share its memory and use the same features. The
 * behaviour of a contender depends only on the samples and the memory. Not thread-safe.
 */
interface Contender extends AutoCloseable {

    /**
     * Returns the predictions of its current state, one for each row of features; empty when it has not been trained
     * yet.
     */
    List<Answer> predictions(float[][] features);

    /** Returns the targets against which predictions for these samples are scored. */
    List<Target> targets(List<Example> examples);

    /**
     * Trains on new samples together with replayed samples.
     *
     * @param samples new samples; may be empty
     * @param random random numbers of the step
     * @return mean loss before the step; NaN when there were no samples
     */
    double learn(List<StoredSample> samples, SplitMix64 random);

    /** Returns the weights of its head, with an output for each name that is known in the lane. */
    Map<String, Tensor.F32> parameters();

    /** Writes its section of the checkpoint. */
    void write(SectionWriter section);

    @Override
    void close();
}
