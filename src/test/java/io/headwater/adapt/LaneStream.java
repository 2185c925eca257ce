package io.headwater.adapt;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.LimitsConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Configurations of small lanes, and streams of separable samples for them. */
final class LaneStream {
    static final int WIDTH = 6;
    static final Digest BASE = Digest.of("base".getBytes(StandardCharsets.UTF_8));

    private LaneStream() {}

    /**
     * Returns a configuration with a high learning rate, a replay buffer of 12 samples of which 4 join each step, and
     * every fourth sample of a class kept as one of up to 8 of the guard set.
     */
    static AdaptationConfig config() {
        return with(new HeadConfig(0), new TrainingConfig(4, 0.05, 0.1, ClassWeights.BALANCED, 3));
    }

    static AdaptationConfig with(HeadConfig head, TrainingConfig training) {
        return with(head, training, new GuardConfig(8, 4), LimitsConfig.DEFAULT);
    }

    static AdaptationConfig with(HeadConfig head, TrainingConfig training, GuardConfig guard, LimitsConfig limits) {
        return AdaptationConfig.of("lanes", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withHead(head.withLearns(Learns.GRADIENT))
                .withTraining(training)
                .withReplay(new ReplayConfig(12, 4))
                .withGuard(guard)
                .withLimits(limits);
    }

    static LaneLearner untrained(AdaptationConfig config) {
        return LaneLearner.untrained(config, goal(config), BASE, heads(config));
    }

    static Goal goal(AdaptationConfig config) {
        return new ClassGoal(config.labels(), config.training().labelSmoothing());
    }

    /** A sample of one class. */
    static Example example(float[] features, String name) {
        return new Example(
                PayloadView.of(new Payload.Text("features")),
                new Label.ClassLabel(name),
                features,
                Target.of(List.of(name)));
    }

    static Heads heads(AdaptationConfig config) {
        return GraphHeads.of(config, WIDTH);
    }

    /** {@code count} samples, the class named "c<i>" around a centre of its own. */
    static List<Example> samples(long seed, int count, int classes) {
        Random random = new Random(seed);
        List<Example> samples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int label = random.nextInt(classes);
            float[] features = new float[WIDTH];
            for (int f = 0; f < WIDTH; f++) {
                features[f] = (float) (random.nextGaussian() / 4) + (f % classes == label ? 1 : 0);
            }
            samples.add(example(features, "c" + label));
        }
        return samples;
    }

    /** Trains {@code learner} on {@code samples} in steps of {@code size} samples; the last step may have fewer. */
    static void learn(LaneLearner learner, List<Example> samples, int size) {
        for (int from = 0; from < samples.size(); from += size) {
            learner.step(samples.subList(from, Math.min(from + size, samples.size())));
        }
    }
}
