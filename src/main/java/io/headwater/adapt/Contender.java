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
 * One way of learning in a lane, with its own state. All contenders of a lane share its memory and read the same features.
 * What one does follows from the samples and the memory alone. Not thread-safe.
 */
interface Contender extends AutoCloseable {

    /** The predictions as it stands, one for each row of features; empty when it has not learned yet. */
    List<Answer> predictions(float[][] features);

    /** The targets by which predictions of these samples are scored. */
    List<Target> targets(List<Example> examples);

    /**
     * Learns new samples, together with replayed ones.
     *
     * @param samples to learn, which may be none
     * @param random numbers of the step
     * @return mean loss before the step; NaN when there was nothing to learn
     */
    double learn(List<StoredSample> samples, SplitMix64 random);

    /** The weights of its head, with an output for each name that the lane knows. */
    Map<String, Tensor.F32> parameters();

    /** Writes its section of the checkpoint. */
    void write(SectionWriter section);

    @Override
    void close();
}
