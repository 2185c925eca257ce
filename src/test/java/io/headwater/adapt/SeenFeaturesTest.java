package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.PromotionConfig.NewDomains;
import io.headwater.domain.ArtifactException;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests what a version says of the features that its lane has seen. */
class SeenFeaturesTest {
    private static final AdaptationConfig PLAIN = ClosedLane.config(200);
    private static final AdaptationConfig NEAREST =
            PLAIN.withPromotion(PLAIN.promotion().withNewDomains(NewDomains.NEAREST));

    @Test
    void shouldBeNearerToWhatIsLikelierOfEachFeature() {
        SeenFeatures narrow = new SeenFeatures(new float[] {0, 0}, new float[] {1, 1});
        SeenFeatures wide = new SeenFeatures(new float[] {3, 0}, new float[] {16, 1});

        assertThat(narrow.distance(new float[] {1, 0})).isLessThan(wide.distance(new float[] {1, 0}));
        assertThat(narrow.distance(new float[] {-9, 0})).isGreaterThan(wide.distance(new float[] {-9, 0}));
        assertThat(wide.distance(new float[] {3, 0, 3, 2})).isCloseTo(Math.log(16) + 2, within(1e-9));
    }

    @Test
    void shouldBePublishedAndComeBackOnlyIfNewDomainsAreAnsweredByThem() {
        try (ClosedLane plain = ClosedLane.untrained(PLAIN);
                ClosedLane lane = ClosedLane.untrained(NEAREST)) {
            assertThat(lane.learner().artifact().seen()).isNull();
            plain.learn(LaneStream.samples(1, 160, 3));
            lane.learn(LaneStream.samples(1, 160, 3));

            HeadArtifact artifact = HeadArtifact.fromBytes(lane.champion().toBytes());
            SeenFeatures seen = Objects.requireNonNull(artifact.seen());

            assertThat(seen.means()).hasSize(LaneStream.heads(NEAREST).inputs());
            assertThat(seen.distance(seen.means()))
                    .isLessThan(seen.distance(LaneStream.samples(1, 1, 3).get(0).features()));
            assertThat(artifact.toBytes()).isEqualTo(lane.champion().toBytes());
            assertThat(artifact.parameters().keySet())
                    .isEqualTo(plain.champion().parameters().keySet());
            assertThat(plain.champion().seen()).isNull();
        }
    }

    @Test
    void shouldNotBelieveDamagedOnes() {
        Map<String, Tensor.F32> tensors =
                new TreeMap<>(new SeenFeatures(new float[] {1, 2}, new float[] {1, 1}).tensors());
        tensors.put("seen/variances", new Tensor.F32(new int[] {2}, new float[] {1, 0}));

        assertThatThrownBy(() -> SeenFeatures.takeFrom(tensors))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("those of feature 1 are 2.0 and 0.0");
        assertThatThrownBy(() -> SeenFeatures.takeFrom(
                        new TreeMap<>(Map.of("seen/means", new Tensor.F32(new int[] {1}, new float[] {1})))))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("1 means and 0 variances");
    }

    /** The artifact of another base model, or a damaged one; its distances would mean nothing. */
    @Test
    void shouldNotOpenAHeadWhoseLaneHasSeenFeaturesOfAnotherWidth() {
        try (ClosedLane lane = ClosedLane.untrained(NEAREST)) {
            lane.learn(LaneStream.samples(1, 160, 3));
            HeadArtifact own = lane.champion();
            int width = LaneStream.heads(NEAREST).inputs();
            HeadArtifact other = new HeadArtifact(
                    own.baseModel(),
                    own.form(),
                    own.labels(),
                    own.parameters(),
                    false,
                    new SeenFeatures(new float[] {1, 2}, new float[] {1, 1}),
                    null);

            assertThatThrownBy(() ->
                            PublishedHead.open(HeadArtifact.fromBytes(other.toBytes()), LaneStream.heads(NEAREST)))
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining("says it of 2 features and reads %d".formatted(width));
        }
    }

    @Test
    void shouldNeedClosedForms() {
        assertThatThrownBy(() -> NEAREST.withHead(new HeadConfig(8)))
                .hasMessageContaining("promotion.new-domains must be source")
                .hasMessageContaining("head.hidden 8");
    }
}
