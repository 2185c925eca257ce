package io.headwater.trainer;

import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.GuardConfig;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Label;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.testing.Installation;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Transitions of an environment with two actions and observations of four numbers. */
public final class Moves {
    public static final int WIDTH = 4;

    private Moves() {}

    /** Returns an adaptation; with double Q-learning the target network is updated every third step. */
    public static AdaptationConfig config(Algorithm algorithm, CheckpointConfig checkpoint) {
        ReinforcementConfig learning = new ReinforcementConfig(algorithm, 0.9, 2, 3, 1);
        return AdaptationConfig.of("moves", TaskKind.REINFORCEMENT_LEARNING, "policy")
                .withLabels(List.of("left", "right"))
                .withTraining(new TrainingConfig(Adaptations.BATCH, 0.02, 0, ClassWeights.NONE, 7))
                .withReinforcement(learning)
                .withReplay(new ReplayConfig(40, 16))
                .withCheckpoint(checkpoint)
                .withGuard(GuardConfig.of(TaskKind.REINFORCEMENT_LEARNING, learning));
    }

    /** Sends the {@code i}-th transition, which is unique for each {@code i}. */
    public static void send(Installation to, String domain, int i) {
        Random random = new Random(i);
        boolean isLast = i % 4 == 3;
        Label label = new Transition(
                i % 3 == 0 ? "left" : "right",
                new double[] {random.nextGaussian()},
                isLast ? new float[0] : numbers(WIDTH, random),
                isLast,
                false,
                null,
                null);
        send(to, domain, numbers(WIDTH, random), label, true);
    }

    public static void send(Installation to, String domain, float[] seen, Label label, boolean isValid) {
        Payload payload = new Payload.Tensor(List.of(seen.length), seen);
        to.send(
                domain,
                to.codec().encode(EventType.SAMPLE, new Sample("step", payload, label, Instant.EPOCH)),
                isValid);
    }

    public static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int n = 0; n < count; n++) {
            numbers[n] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
