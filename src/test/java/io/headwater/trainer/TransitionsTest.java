package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.Episode;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.TestModels;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests transitions sent through the real broker: they are trained on exactly once, versions are rebuilt with the same
 * bytes, and faults are distinguished.
 */
@OnEmbeddedBroker
@Timeout(120)
class TransitionsTest {
    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    private final Random random = new Random(3);

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void shouldLearnTransitionsOnceAndRebuildEveryVersion(Algorithm algorithm, BrokerUnderTest broker) {
        FileArtifactStore store = new FileArtifactStore(folder.resolve("store"), 1 << 24);
        try (Installation installation = Installation.of(Moves.config(algorithm, Adaptations.BY_STEPS), broker, store)
                .divided(TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4))) {
            installation.createTopics();
            String domain = installation.domain(0, 0);
            Map<Long, Reason> expected = new HashMap<>();
            List<Evaluation> evaluations = new ArrayList<>();
            long offset = 0;

            // Each round continues from the checkpoint of the previous one
            for (int round = 0; round < ROUNDS; round++) {
                for (Map.Entry<Label, Reason> fault : faults().entrySet()) {
                    for (int i = 0; i < 4; i++, offset++) {
                        Moves.send(installation, domain, numbers(4), good(i), true);
                    }
                    Moves.send(installation, domain, numbers(4), fault.getKey(), false);
                    expected.put(offset++, fault.getValue());
                }
                Moves.send(installation, domain, numbers(3), good(0), false);
                expected.put(offset++, Reason.BAD_LABEL);
                installation.train(new TrainerListener() {
                    @Override
                    public void committed(PartitionCheckpoint checkpoint) {
                        evaluations.addAll(checkpoint.evaluations());
                    }
                });
            }

            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(history.versions(domain)).hasSizeGreaterThan(ROUNDS);
            Map<Long, Reason> reasons = new HashMap<>();
            history.deadLetters().forEach((place, reason) -> reasons.put(place.offset(), reason));
            assertThat(reasons).isEqualTo(expected);
            assertThat(evaluations)
                    .filteredOn(evaluation -> evaluation.kind() == Evaluation.Kind.PREQUENTIAL)
                    .last()
                    .satisfies(evaluation -> assertThat(evaluation.metrics())
                            .containsEntry("meanReturn", 5.0)
                            .containsEntry("meanReturnVersion2", 5.0)
                            .containsKey(algorithm == Algorithm.DOUBLE_DQN ? "championTdError" : "championAccuracy"));
        }
    }

    /** Returns a valid transition; every fourth one ends an episode. */
    private Label good(int i) {
        boolean last = i == 3;
        return new Transition(
                i % 2 == 0 ? "left" : "1",
                new double[] {random.nextGaussian(), 0.5},
                last ? new float[0] : numbers(4),
                last,
                false,
                last ? new Episode(5, 9) : null,
                2L);
    }

    private Map<Label, Reason> faults() {
        Map<Label, Reason> faults = new LinkedHashMap<>();
        faults.put(new ClassLabel("left"), Reason.WRONG_KIND);
        faults.put(transition("jump", numbers(4), 1), Reason.BAD_LABEL);
        faults.put(transition("left", numbers(4), Double.POSITIVE_INFINITY), Reason.NOT_FINITE);
        faults.put(transition("left", numbers(4), Double.NaN), Reason.NOT_FINITE);
        faults.put(transition("left", numbers(5), 1), Reason.BAD_LABEL);
        faults.put(transition("left", new float[0], 1), Reason.BAD_LABEL);
        faults.put(transition("left", new float[] {1, 2, 3, Float.NaN}, 1), Reason.NOT_FINITE);
        faults.put(transition("left", numbers(4)), Reason.BAD_LABEL);
        return faults;
    }

    private static Label transition(String action, float[] next, double... rewards) {
        return new Transition(action, rewards, next, false, false, null, null);
    }

    private float[] numbers(int count) {
        return Moves.numbers(count, random);
    }
}
