package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.TaskKind;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a top with bidirectional LSTMs on texts whose class depends only on the order of their tokens. */
class RecurrentTopTest {
    private static final int SAMPLES = 40;

    @TempDir
    private Path folder;

    @Test
    void shouldLearnTheOrderOfTokens() {
        try (TopRig rig = rig();
                Head head = rig.model().heads().create(2)) {
            double before = rig.train(head, 0, SAMPLES);
            for (int step = 0; step < 250; step++) {
                rig.train(head, 0, SAMPLES);
            }

            assertThat(before).isCloseTo(Math.log(2), within(1e-3));
            assertThat(rig.train(head, 0, SAMPLES)).isLessThan(before / 10);
        }
    }

    @Test
    void shouldAnswerAsIfThereWereNoPadding() {
        try (TopRig rig = rig();
                Head head = rig.head(2)) {
            float[][] together = head.probabilities(rig.features());

            assertThat(Arrays.stream(rig.features()).map(row -> row.length).distinct())
                    .hasSizeGreaterThan(2);
            for (int row = 0; row < SAMPLES; row++) {
                float[][] alone = head.probabilities(new float[][] {rig.features()[row]});
                assertThat(together[row]).containsExactly(alone[0], within(1e-6f));
            }
        }
    }

    private TopRig rig() {
        AdaptationConfig config = TopRig.config(
                TaskKind.TEXT_CLASSIFICATION, TopRig.fineTune(2), TopRig.optimiser(Updater.ADAM, 0.9, 1, 0));
        return TopRig.open(TestNetworks.ELMO.manifest(folder), config, samples(), Compute.ONE_THREAD);
    }

    /** Returns texts whose class is whether token 1 or token 2 comes first among other tokens. */
    private static List<ModelInput> samples() {
        Random random = new Random(4);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            List<Long> tokens = new ArrayList<>(List.of(i % 2 == 0 ? 1L : 2L, i % 2 == 0 ? 2L : 1L));
            for (int more = random.nextInt(5); more > 0; more--) {
                tokens.add(random.nextInt(tokens.size() + 1), 3L + random.nextInt(30));
            }
            samples.add(new ModelInput.Tokens(
                    tokens.stream().mapToLong(Long::longValue).toArray()));
        }
        return Collections.unmodifiableList(samples);
    }
}
