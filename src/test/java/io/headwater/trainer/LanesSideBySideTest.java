package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.StepReport;
import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.MemoryStore;
import io.headwater.testing.OnEmbeddedBroker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedBroker
@Timeout(300)
class LanesSideBySideTest {
    private static final int LANES = 9;

    /** The last step of each lane is incomplete. */
    private static final int SAMPLES = 7 * Adaptations.BATCH + 3;

    @Test
    void shouldLearnTheSameOnAnyNumberOfThreads(BrokerUnderTest broker) {
        List<String> alone = versions(broker, 1);

        assertThat(alone).hasSizeGreaterThan(2 * LANES);
        assertThat(versions(broker, 2)).isEqualTo(alone);
        assertThat(versions(broker, 4)).isEqualTo(alone);
    }

    private static List<String> versions(BrokerUnderTest broker, int threads) {
        CheckpointConfig byCount = new CheckpointConfig(2 * LANES, CheckpointConfig.NEVER, CheckpointConfig.NEVER);
        try (Installation installation = Installation.of(Adaptations.text(byCount), broker, new MemoryStore())
                .partitions(1)
                .workers(threads)
                .open()
                .createTopics()) {
            for (int i = 0; i < SAMPLES; i++) {
                for (int lane = 0; lane < LANES; lane++) {
                    Adaptations.send(installation, "lane-" + lane, i + lane);
                }
            }
            Told told = new Told();
            installation.train(told);

            List<String> versions = new ArrayList<>(new History(installation)
                    .versions().stream().map(LanesSideBySideTest::text).toList());
            versions.addAll(told.all);
            return versions;
        }
    }

    private static String text(ModelVersion version) {
        return "%s %s %s %s"
                .formatted(
                        version.ref(),
                        version.ref().artifact(),
                        version.ref().checkpoint(),
                        version.lineage().steps());
    }

    /** What a listener is told of steps, in order. */
    private static final class Told implements TrainerListener {
        private final List<String> all = new ArrayList<>();

        @Override
        public void stepping(Lane lane) {
            all.add("begins " + lane);
        }

        @Override
        public void stepped(Lane lane, StepReport report) {
            all.add("ends " + lane + " " + report.scores());
        }
    }
}
