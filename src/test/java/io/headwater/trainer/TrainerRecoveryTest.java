package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
@Timeout(60)
class TrainerRecoveryTest {
    @TempDir
    Path folder;

    @Test
    void shouldTryAgainWhenAPartitionCannotBeRestored(BrokerUnderTest broker) throws Exception {
        // Given
        ArtifactStore store = new FileArtifactStore(folder, 1 << 26);
        try (TrainerRig rig = new TrainerRig(broker)) {
            rig.send(20);
            rig.trainer(store).runToEnd();
            assertThat(rig.learned()).isEqualTo(20);

            // When
            rig.send(20);
            Trainer second = rig.trainer(new FailsOnce(store, "get"));
            second.runToEnd();

            // Then
            assertThat(second.state()).isEqualTo(RoleState.STOPPED);
            assertThat(rig.learned()).isEqualTo(40);
        }
    }

    @Test
    void shouldLearnTheEndOfTheStreamAgainWhenItsLastCheckpointFails(BrokerUnderTest broker) throws Exception {
        try (TrainerRig rig = new TrainerRig(broker)) {
            rig.send(20);
            Trainer trainer = rig.trainer(new FailsOnce(new FileArtifactStore(folder, 1 << 26), "put"));

            trainer.runToEnd();

            assertThat(trainer.state()).isEqualTo(RoleState.STOPPED);
            assertThat(rig.learned()).isEqualTo(20);
        }
    }

    /** A store on a disk that fails once; what the rig itself puts comes before. */
    private static final class FailsOnce implements ArtifactStore {
        private final ArtifactStore store;
        private final Set<String> failing = new HashSet<>();
        private boolean armed;

        FailsOnce(ArtifactStore store, String operation) {
            this.store = store;
            failing.add(operation);
        }

        private void perform(String operation) {
            if (armed && failing.remove(operation)) {
                throw new UncheckedIOException(new IOException("Input/output error"));
            }
            armed = true;
        }

        @Override
        public byte[] get(Digest digest) {
            perform("get");
            return store.get(digest);
        }

        @Override
        public Digest put(byte[] bytes) {
            perform("put");
            return store.put(bytes);
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
