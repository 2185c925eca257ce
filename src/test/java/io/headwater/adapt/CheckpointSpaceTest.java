package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Goal;
import io.headwater.testing.MemoryStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that checkpoints store what is new, on features as wide as those of a sentence encoder. */
class CheckpointSpaceTest {
    private static final int WIDTH = 384;
    private static final int PER_CHECKPOINT = 20;
    private static final long NEW_BYTES = 4L * WIDTH * PER_CHECKPOINT;
    private static final AdaptationConfig CONFIG =
            AdaptationConfig.of("lanes", TaskKind.TEXT_CLASSIFICATION, "minilm").withReplay(new ReplayConfig(200, 0));

    @Test
    void shouldWriteAtMostAboutTwiceTheBytesOfNewSamples() {
        MemoryStore store = new MemoryStore();
        try (Publishing lane = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()))) {
            for (int i = 0; i < 30; i++) {
                lane.learnAndSave(store);
            }
            long before = store.bytes();
            for (int i = 0; i < 60; i++) {
                lane.learnAndSave(store);
            }
            long each = (store.bytes() - before) / 60;
            assertThat(each).isLessThan(NEW_BYTES * 27 / 10);
            assertThat(lane.learner.checkpoint().length).isGreaterThan(15 * (int) each);
        }
    }

    @Test
    void shouldRestoreEachCheckpointFromWhatItNeedsAlone() {
        MemoryStore store = new MemoryStore();
        List<Digest> saved = new ArrayList<>();
        List<byte[]> whole = new ArrayList<>();
        try (Publishing lane = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()))) {
            for (int i = 0; i < 40; i++) {
                saved.add(lane.learnAndSave(store));
                whole.add(lane.learner.checkpoint());
            }
        }
        for (int i = 0; i < saved.size(); i++) {
            MemoryStore needed = store.with(saved.get(i), Checkpoints.needs(store.get(saved.get(i))));
            try (LaneLearner restored =
                    LaneLearner.restored(CONFIG, goal(), heads(), Checkpoints.read(needed, saved.get(i)))) {
                assertThat(restored.checkpoint()).isEqualTo(whole.get(i));
            }
        }
    }

    /** After a restart a lane stores the same bytes as without it, and no other ones. */
    @Test
    void shouldStoreTheSameBytesAfterARestart() {
        MemoryStore undisturbed = new MemoryStore();
        MemoryStore restarted = new MemoryStore();
        try (Publishing lane = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()));
                Publishing other = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()))) {
            for (int i = 0; i < 40; i++) {
                Digest expected = lane.learnAndSave(undisturbed);
                assertThat(other.learnAndSave(restarted)).isEqualTo(expected);
                if (i % 3 == 2) {
                    other.restart(restarted, expected);
                }
            }
        }
    }

    @Test
    void shouldReferToWhatIsStoredAfterACheckpointCouldNotBe() {
        MemoryStore store = new MemoryStore();
        try (Publishing lane = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()))) {
            lane.learnAndSave(store);
            lane.learnAndSave(store);
            store.fill(true);
            assertThatThrownBy(() -> lane.learnAndSave(store)).isInstanceOf(UncheckedIOException.class);
            store.fill(false);
            Digest saved = lane.learnAndSave(store);
            try (LaneLearner restored = LaneLearner.restored(CONFIG, goal(), heads(), Checkpoints.read(store, saved))) {
                assertThat(restored.checkpoint()).isEqualTo(lane.learner.checkpoint());
            }
        }
    }

    @Test
    void shouldNotReferToWhatHoldsASampleThatIsForgotten() {
        MemoryStore store = new MemoryStore();
        try (Publishing lane = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()))) {
            Example forgotten = lane.learnAndSave(store, lane.samples()).get(3);
            lane.learnAndSave(store);
            lane.learner.forget(forgotten);
            Digest saved = lane.learnAndSave(store);
            assertThat(Checkpoints.parts(store.get(saved))).doesNotContainAnyElementsOf(lane.checkpoints());
        }
    }

    @Test
    void shouldNameWhatIsMissing() {
        MemoryStore store = new MemoryStore();
        try (Publishing lane = new Publishing(LaneLearner.untrained(CONFIG, goal(), LaneStream.BASE, heads()))) {
            Digest base = lane.learnAndSave(store);
            Digest saved = lane.learnAndSave(store);
            assertThat(Checkpoints.needs(store.get(saved))).contains(base);
            MemoryStore without = store.with(saved, List.of());
            assertThatThrownBy(() -> Checkpoints.read(without, saved))
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining(base.hex());
        }
    }

    private static Goal goal() {
        return LaneStream.goal(CONFIG);
    }

    private static Heads heads() {
        return GraphHeads.of(CONFIG, WIDTH);
    }

    /** A lane of two classes whose versions serve. */
    private static final class Publishing implements AutoCloseable {
        private final Random random = new Random(5);
        private final List<Digest> checkpoints = new ArrayList<>();
        private final Map<Digest, HeadArtifact> versions = new TreeMap<>();
        private LaneLearner learner;
        private @Nullable VersionRef serving;

        Publishing(LaneLearner learner) {
            this.learner = learner;
        }

        Digest learnAndSave(MemoryStore store) {
            learnAndSave(store, samples());
            return checkpoints.get(checkpoints.size() - 1);
        }

        List<Example> learnAndSave(MemoryStore store, List<Example> samples) {
            learner.step(samples.subList(0, 16));
            learner.step(samples.subList(16, samples.size()));
            HeadArtifact head = learner.artifact();
            Digest artifact = Digest.of(head.toBytes());
            versions.put(artifact, head);
            Verdict verdict = learner.promoteIfBetter(head, false, serving);
            Digest saved = learner.save(store, Set.of());
            checkpoints.add(saved);
            VersionRef published = new VersionRef(new Lane("lanes", "here"), checkpoints.size(), artifact, saved);
            if (verdict.servesPublished()) {
                serving = published;
            } else {
                serving = verdict.earlier() == null ? serving : verdict.earlier();
                learner.consider(published, () -> head);
            }
            return samples;
        }

        List<Example> samples() {
            List<Example> samples = new ArrayList<>();
            for (int i = 0; i < PER_CHECKPOINT; i++) {
                int label = random.nextInt(2);
                float[] features = new float[WIDTH];
                for (int f = 0; f < WIDTH; f++) {
                    features[f] = (float) (random.nextGaussian() / 20) + (f % 2 == label ? 0.01f : 0);
                }
                Example sample = LaneStream.example(features, "c" + (random.nextInt(20) == 0 ? 1 - label : label));
                learner.admit(sample);
                samples.add(sample);
            }
            return samples;
        }

        List<Digest> checkpoints() {
            return List.copyOf(checkpoints.subList(0, checkpoints.size() - 1));
        }

        void restart(MemoryStore store, Digest checkpoint) {
            learner.close();
            learner = LaneLearner.continued(CONFIG, goal(), heads(), Checkpoints.read(store, checkpoint));
            VersionRef current = serving;
            if (current != null) {
                learner.restoreChampion(Objects.requireNonNull(versions.get(current.artifact())));
            }
        }

        @Override
        public void close() {
            learner.close();
        }
    }
}
