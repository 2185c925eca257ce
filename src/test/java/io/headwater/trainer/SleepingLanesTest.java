package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.CheckpointConfig;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.ModelVersion;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
@Timeout(300)
class SleepingLanesTest {
    private static final int LANES = 12;
    private static final int STEPS = 3;

    @TempDir
    Path folder;

    /** A lane learns three steps and leaves memory, because the lanes after it need the space; so it comes back each time. */
    @Test
    void shouldLearnTheSameWhenItLeavesMemoryAndComesBack(BrokerUnderTest broker) {
        List<String> stayed = versions(broker, "stay", TrainerSetup.halfOfHeap(), 0);
        List<String> slept = versions(broker, "sleep", 1_000_000, LANES);

        assertThat(stayed).hasSize(3 * LANES);
        assertThat(slept).isEqualTo(stayed);
    }

    @Test
    void shouldLearnEverySampleWhenOnlyOneLaneFits(BrokerUnderTest broker) {
        try (Installation installation = open(broker, new FileArtifactStore(folder, 1 << 24), 1)) {
            for (int i = 0; i < 4; i++) {
                for (int lane = 0; lane < 40; lane++) {
                    Adaptations.send(installation, "lane-" + lane, i);
                }
            }
            installation.train();

            assertThat(new History(installation)
                            .versions().stream()
                                    .mapToInt(version -> version.lineage().samples())
                                    .sum())
                    .isEqualTo(160);
        }
    }

    private List<String> versions(BrokerUnderTest broker, String name, long laneBytes, int leastReads) {
        CountingStore store = new CountingStore(new FileArtifactStore(folder.resolve(name), 1 << 24));
        try (Installation installation = open(broker, store, laneBytes)) {
            for (int round = 0; round < 3; round++) {
                for (int lane = 0; lane < LANES; lane++) {
                    for (int i = 0; i < STEPS * Adaptations.BATCH; i++) {
                        Adaptations.send(installation, "lane-" + lane, round * STEPS * Adaptations.BATCH + i);
                    }
                }
            }
            installation.train();
            assertThat(store.reads).isGreaterThanOrEqualTo(leastReads);
            return new History(installation)
                    .versions().stream().map(SleepingLanesTest::text).toList();
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

    private static Installation open(BrokerUnderTest broker, ArtifactStore store, long laneBytes) {
        CheckpointConfig byCount = new CheckpointConfig(STEPS, Duration.ofHours(24), Duration.ofHours(24));
        return Installation.of(Adaptations.text(byCount), broker, store)
                .partitions(1)
                .laneBytes(laneBytes)
                .open()
                .createTopics();
    }

    /** A store that counts how often an artifact is read. */
    private static final class CountingStore implements ArtifactStore {
        private final ArtifactStore store;
        private int reads;

        CountingStore(ArtifactStore store) {
            this.store = store;
        }

        @Override
        public Digest put(byte[] bytes) {
            return store.put(bytes);
        }

        @Override
        public byte[] get(Digest digest) {
            reads++;
            return store.get(digest);
        }

        @Override
        public boolean contains(Digest digest) {
            return store.contains(digest);
        }

        @Override
        public int sweep(Set<Digest> referenced, Duration minimumAge) {
            return store.sweep(referenced, minimumAge);
        }
    }
}
