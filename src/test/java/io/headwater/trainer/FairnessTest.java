package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Lane;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
@Timeout(120)
class FairnessTest {
    private static final int BACKLOG = 600;
    private static final int STEPS = BACKLOG / Adaptations.BATCH;

    @TempDir
    private Path folder;

    @Test
    void shouldLetThePartitionsOfABacklogTakeTurns(BrokerUnderTest broker) {
        CheckpointConfig seldom = new CheckpointConfig(20, Duration.ofHours(24), Duration.ofHours(24));
        try (Installation installation = Installation.of(
                        Adaptations.text(seldom), broker, new FileArtifactStore(folder, 1 << 24))
                .open()
                .createTopics()) {
            List<String> domains = List.of(installation.domain(0, 0), installation.domain(1, 0));
            for (String domain : domains) {
                for (int i = 0; i < BACKLOG; i++) {
                    Adaptations.send(installation, domain, i);
                }
            }
            List<String> steps = new ArrayList<>();
            installation.train(new TrainerListener() {
                @Override
                public void stepping(Lane lane) {
                    steps.add(lane.domain());
                }
            });

            // Then: as long as both have a backlog, none is more than about two polls ahead
            int[] taken = new int[2];
            int ahead = 0;
            for (String domain : steps) {
                taken[domains.indexOf(domain)]++;
                ahead = Math.max(ahead, Math.abs(taken[0] - taken[1]));
            }
            assertThat(taken).containsExactly(STEPS, STEPS);
            assertThat(ahead).isLessThan(3 * Trainer.TURN / Adaptations.BATCH);
        }
    }
}
