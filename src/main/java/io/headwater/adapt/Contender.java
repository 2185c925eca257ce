package io.headwater.adapt;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.memory.LaneMemory.RemovedSample;
import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.race.AllSamples;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

    /** Scores samples before they are used for training. */
    default void observe(List<Example> examples) {}

    /** Notes that the stream has changed, or may have, as the samples of the next step show. */
    default void streamChanged(ChangePoint point) {}

    /** Replays no samples of the lane before the one of this number any longer, if it replays any. */
    default void replayFrom(long number) {}

    /** Returns whether it uses samples without a label. */
    default boolean usesUnlabelled() {
        return false;
    }

    /** Returns whether the weights that it gave last use samples without a label. */
    default boolean isAligned() {
        return false;
    }

    /** Observes a sample without a label, if it uses such; it has an effect when a version is published. */
    default void observeUnlabelled(float[] features) {}

    /** Forgets a sample without a label that it has observed. */
    default void forgetUnlabelled(float[] features) {}

    /** Returns what a person should know about it since the last call. */
    default List<Notice> takeNotices() {
        return List.of();
    }

    /**
     * Trains on new samples together with replayed samples.
     *
     * @param samples new samples; may be empty
     * @param random random numbers of the step
     * @return mean loss before the step; NaN when there were no samples
     */
    double learn(List<StoredSample> samples, SplitMix64 random);

    /** Returns samples that it has just learned in the form in which the memory keeps them for replay. */
    default List<StoredSample> kept(List<StoredSample> samples) {
        return samples;
    }

    /** Returns the weights of its head, with an output for each name that is known in the lane. */
    Map<String, Tensor.F32> parameters();

    /**
     * Returns the weights of the contenders besides the one whose {@link #parameters} were given last, with the same outputs; empty
     * when it is the only one.
     */
    default List<LinearWeights> others() {
        return List.of();
    }

    /** Returns what speaks for its newest weights, with numbers; empty when only the scores of all contenders do. */
    default Optional<String> standing() {
        return Optional.empty();
    }

    /**
     * Takes samples whose labels were wrong out of what it has learned, before it {@linkplain #learn learns} their right ones;
     * does nothing where it cannot.
     *
     * @param samples the samples, each with its number, which left the memory
     */
    default void unlearn(List<StoredSample> samples) {}

    /** Forgets a sample, as far as that is possible. */
    default Forgotten forget(RemovedSample removed) {
        return new Forgotten(removed.parts(), List.of("the weights of the head, which was trained by gradient steps"));
    }

    /**
     * Makes the samples of one class samples of another one; those in memory are already.
     *
     * @return the parts that still depend on what the samples were before, for people
     */
    default List<String> relabel(Relabelling relabelling) {
        return List.of("the weights of the head, which was trained by gradient steps");
    }

    /**
     * Takes samples of a class that was removed out of what it has learned; none of them when it cannot.
     *
     * @param output the output of the class
     * @param samples the samples, which left the memory
     * @return the parts that still depend on samples of the class, for people
     */
    default List<String> takeOut(int output, List<StoredSample> samples) {
        return List.of("the weights of the head, which was trained by gradient steps");
    }

    /** Returns the exact sums of all samples that it has learned from; empty when it does not learn from sums. */
    default Optional<AllSamples> allSamples() {
        return Optional.empty();
    }

    /**
     * Adds sums of samples of another lane; only if it learns from {@linkplain #allSamples sums}.
     *
     * @param rows the sums, with the outputs of this lane
     * @param less sums of those of the samples that it has learned from already; empty when there are none
     */
    default void merge(Moments rows, Moments less) {
        throw new IllegalStateException("a contender that is trained by gradient steps cannot add sums");
    }

    /** Returns how good its contenders were on the newest samples, by name; empty when there is only one. */
    default SortedMap<String, Double> qualities() {
        return new TreeMap<>();
    }

    /** Returns the name of the contender that leads; empty when there is only one. */
    default Optional<String> leader() {
        return Optional.empty();
    }

    /** Returns the name of its section in the checkpoint. */
    String section();

    /** Writes its section of the checkpoint. */
    void write(SectionWriter section);

    @Override
    void close();
}
