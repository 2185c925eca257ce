package io.headwater.adapt;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Bootstrap;
import io.headwater.task.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A delayed copy of the head in training, so that the training targets do not change with each step (Mnih et al. 2015,
 * "Human-level control through deep reinforcement learning").
 */
final class TargetNetwork implements AutoCloseable {
    private final Bootstrap goal;
    private final Heads heads;
    private Map<String, Tensor.F32> parameters;
    private @Nullable Head head;

    /**
     * Creates a target network.
     *
     * @param parameters weights that {@link #parameters} returned; empty when the network has not been initialised
     */
    TargetNetwork(Bootstrap goal, Heads heads, Map<String, Tensor.F32> parameters) {
        this.goal = goal;
        this.heads = heads;
        this.parameters = parameters;
        this.head = parameters.isEmpty() ? null : heads.answering(parameters);
    }

    /** Returns the weights; empty when the network has not been initialised. */
    Map<String, Tensor.F32> parameters() {
        return parameters;
    }

    /**
     * Copies the weights of {@code learner} when the network has not been initialised, or when {@code steps} is a
     * multiple of the goal's target steps.
     */
    void follow(Head learner, long steps) {
        if (head == null || steps % goal.targetSteps() == 0) {
            copy(learner);
        }
    }

    private Head copy(Head learner) {
        Map<String, Tensor.F32> copied = learner.state().parameters();
        Head copy = heads.answering(copied);
        close();
        parameters = copied;
        head = copy;
        return copy;
    }

    /**
     * Returns the complete targets of samples. They are computed with this network only, so that the champion and the
     * challenger are compared on equal terms.
     */
    List<Target> complete(List<Example> examples, Head learner) {
        return complete(goal, examples, head == null ? copy(learner) : head);
    }

    /** Returns the targets of samples, completed with the values that {@code head} predicts. */
    static List<Target> complete(Bootstrap goal, List<Example> examples, Head head) {
        float[][] next = logits(head, examples.stream().map(Example::next).toArray(float[][]::new));
        return IntStream.range(0, next.length)
                .mapToObj(i -> {
                    Target target = examples.get(i).target();
                    return next[i].length == 0
                            ? target
                            : new Target(target.symbols(), goal.complete(target.numbers(), next[i], next[i]));
                })
                .toList();
    }

    /**
     * Returns the complete codes of samples: {@code learner} chooses the next action, and this network estimates its
     * value.
     *
     * @param numbers number of values at the end of each code
     */
    float[][] complete(List<StoredSample> rows, int numbers, Head learner) {
        Head own = head == null ? copy(learner) : head;
        float[][] after = rows.stream().map(StoredSample::next).toArray(float[][]::new);
        float[][] chooser = logits(learner, after);
        float[][] valuer = logits(own, after);
        float[][] codes = new float[after.length][];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = rows.get(i).code().clone();
            if (after[i].length > 0) {
                int from = codes[i].length - numbers;
                float[] open = Arrays.copyOfRange(codes[i], from, codes[i].length);
                System.arraycopy(goal.complete(open, chooser[i], valuer[i]), 0, codes[i], from, numbers);
            }
        }
        return codes;
    }

    /** Returns the logits of each row of features; an empty array for a row without features. */
    private static float[][] logits(Head by, float[][] features) {
        int[] present = IntStream.range(0, features.length)
                .filter(i -> features[i].length > 0)
                .toArray();
        float[][] logits = new float[features.length][0];
        if (present.length > 0) {
            float[][] predicted =
                    by.logits(IntStream.of(present).mapToObj(i -> features[i]).toArray(float[][]::new));
            for (int i = 0; i < present.length; i++) {
                logits[present[i]] = predicted[i];
            }
        }
        return logits;
    }

    @Override
    public void close() {
        if (head != null) {
            head.close();
        }
    }
}
