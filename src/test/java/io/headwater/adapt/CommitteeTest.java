package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.adapt.ask.Committee;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.ArtifactException;
import io.headwater.engine.Heads;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.weights.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests what a version says of the other contenders of its lane. */
class CommitteeTest {
    private static final AdaptationConfig PLAIN = ClosedLane.config(200);
    private static final AdaptationConfig ENTROPY = PLAIN.withAsks(new AsksConfig(Strategy.ENTROPY, 0.25, 0, 0.2));
    private static final AdaptationConfig DISAGREEMENT =
            PLAIN.withAsks(new AsksConfig(Strategy.DISAGREEMENT, 0.25, 0, 0.2));

    @Test
    void shouldBePublishedOnlyWhereDisagreementIsAskedFor() {
        try (ClosedLane plain = ClosedLane.untrained(PLAIN);
                ClosedLane entropy = ClosedLane.untrained(ENTROPY);
                ClosedLane lane = ClosedLane.untrained(DISAGREEMENT)) {
            List<Example> samples = LaneStream.samples(1, 64, 3);
            plain.learn(samples);
            entropy.learn(samples);
            lane.learn(samples);

            HeadArtifact artifact = HeadArtifact.fromBytes(lane.champion().toBytes());
            Committee committee = Objects.requireNonNull(artifact.committee());
            assertThat(committee.members()).hasSize(1);
            assertThat(committee.inputs()).isEqualTo(LaneStream.WIDTH);
            assertThat(committee.outputs()).isEqualTo(3);
            assertThat(artifact.toBytes()).isEqualTo(lane.champion().toBytes());

            // Nothing changes for others, to the byte, nor in what is learned.
            HeadArtifact without =
                    new HeadArtifact(artifact.baseModel(), artifact.form(), artifact.labels(), artifact.parameters());
            assertThat(without.toBytes())
                    .isEqualTo(plain.champion().toBytes())
                    .isEqualTo(entropy.champion().toBytes());
        }
    }

    @Test
    void shouldDisagreeMoreOnWhatIsBetweenTheClasses() {
        try (ClosedLane lane = ClosedLane.untrained(DISAGREEMENT)) {
            lane.learn(LaneStream.samples(1, 48, 3));
            Heads heads = LaneStream.heads(DISAGREEMENT);
            try (PublishedHead head =
                    PublishedHead.open(HeadArtifact.fromBytes(lane.champion().toBytes()), heads)) {
                float[] clear = {1, 0, 0, 1, 0, 0};
                float[] between = {1, 1, 0, 0, 0, 1};

                assertThat(disagreement(head, between))
                        .isGreaterThan(disagreement(head, clear))
                        .isLessThanOrEqualTo(1);
                assertThat(disagreement(head, clear)).isNotNegative();
                assertThat(head.disagreement(new float[] {1, 0}, Map.of("c0", 1f)))
                        .isNaN();
            }
        }
    }

    private static double disagreement(PublishedHead head, float[] features) {
        return head.disagreement(
                features,
                head.predictions(LaneStream.goal(DISAGREEMENT), new float[][] {features})
                        .get(0)
                        .probabilities());
    }

    @Test
    void shouldBeTheSameAfterARestartBetweenTwoVersions() {
        try (ClosedLane lane = ClosedLane.untrained(DISAGREEMENT)) {
            List<Example> samples = LaneStream.samples(1, 64, 3);
            lane.learn(samples.subList(0, 32));
            byte[] checkpoint = lane.learner().checkpoint();
            lane.learn(samples.subList(32, 64));
            try (LaneLearner restored = LaneLearner.restored(
                    DISAGREEMENT, LaneStream.goal(DISAGREEMENT), LaneStream.heads(DISAGREEMENT), checkpoint)) {
                ClosedLane again = new ClosedLane(DISAGREEMENT, restored);
                again.learn(samples.subList(32, 64));

                assertThat(restored.artifact().committee()).isNotNull();
                assertThat(restored.artifact().toBytes())
                        .isEqualTo(lane.learner().artifact().toBytes());
            }
        }
    }

    @Test
    void shouldHaveNoneBeforeTheLaneHasLearnedAnything() {
        try (ClosedLane lane = ClosedLane.untrained(DISAGREEMENT)) {
            HeadArtifact artifact = lane.learner().artifact();

            assertThat(artifact.committee()).isNull();
            try (PublishedHead head = PublishedHead.open(artifact, LaneStream.heads(DISAGREEMENT))) {
                assertThat(head.disagreement(new float[LaneStream.WIDTH], Map.of("c0", 1f)))
                        .isNaN();
            }
        }
    }

    @Test
    void shouldNotBelieveDamagedOnes() {
        LinearWeights member = LinearWeights.zero(LaneStream.WIDTH, 3);
        Map<String, Tensor.F32> noBias = new TreeMap<>(new Committee(List.of(member, member)).tensors());
        noBias.remove("committee/1/b");
        assertThatThrownBy(() -> Committee.read(noBias))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("weights and biases of each of up to 8 other contenders");
        Map<String, Tensor.F32> otherWidth = new TreeMap<>(new Committee(List.of(member, member)).tensors());
        otherWidth.put("committee/1/b", new Tensor.F32(new int[] {2}, new float[2]));
        assertThatThrownBy(() -> Committee.read(otherWidth))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("a column for each of its 2 biases");
        assertThatThrownBy(() -> new Committee(Collections.nCopies(9, member)))
                .hasMessageContaining("1 to 8 members, but has 9");
        assertThatThrownBy(() -> new Committee(List.of(member, LinearWeights.zero(2, 3))))
                .hasMessageContaining("one has 2 and 3");
    }

    /** The artifact of another base model, or a damaged one; what its contenders say would mean nothing. */
    @Test
    void shouldNotOpenAHeadWithContendersOfOtherFeatures() {
        try (ClosedLane lane = ClosedLane.untrained(DISAGREEMENT)) {
            lane.learn(LaneStream.samples(1, 64, 3));
            HeadArtifact own = lane.champion();
            HeadArtifact other = new HeadArtifact(
                    own.baseModel(),
                    own.form(),
                    own.labels(),
                    own.parameters(),
                    false,
                    null,
                    new Committee(List.of(LinearWeights.zero(2, 3))));

            assertThatThrownBy(() ->
                            PublishedHead.open(HeadArtifact.fromBytes(other.toBytes()), LaneStream.heads(DISAGREEMENT)))
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining("must read its %d features", LaneStream.WIDTH)
                    .hasMessageContaining("but read 2");
        }
    }
}
