package io.headwater.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AncestryTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    private static final ModelVersion A1 = version("a", 1, null, null);
    private static final ModelVersion A2 = version("a", 2, A1, null);
    private static final ModelVersion B1 = version("b", 1, A1, null);
    private static final ModelVersion B2 = version("b", 2, B1, null);
    private static final ModelVersion C1 = version("c", 1, null, null);
    private static final ModelVersion C2 = version("c", 2, C1, B2);
    private static final ModelVersion ANEW = version("a", 3, null, null);

    private final Ancestry ancestry = new Ancestry(List.of(A1, A2, B1, B2, C1, C2, ANEW));

    @Test
    void shouldFollowParentsAndMergedVersionsThroughAllLanes() {
        assertThat(ancestry.of(C2.ref())).containsExactlyInAnyOrder(C2.ref(), C1.ref(), B2.ref(), B1.ref(), A1.ref());
        assertThat(ancestry.of(ANEW.ref())).containsExactly(ANEW.ref());
        assertThat(ancestry.of(null)).isEmpty();
    }

    @Test
    void shouldFindTheVersionsThatNoOtherContains() {
        assertThat(ancestry.newest(Set.of(A1.ref(), A2.ref()))).containsExactly(A2.ref());
        assertThat(ancestry.newest(Set.of(A1.ref(), A2.ref(), B1.ref()))).containsExactlyInAnyOrder(A2.ref(), B1.ref());
        assertThat(ancestry.newest(ancestry.of(C2.ref()))).containsExactly(C2.ref());
    }

    @Test
    void shouldKnowWhetherAVersionForgetsASampleOfAnother() {
        Lineage forgetting = new Lineage(
                A1.ref(),
                0,
                20,
                30,
                List.of(),
                DIGEST,
                DIGEST,
                List.of(),
                List.of(new ForgottenSample("s", 14, 0, List.of())),
                null);
        ModelVersion forgetful = new ModelVersion(ref("a", 4), forgetting, List.of(), 0, Instant.EPOCH, Map.of());
        Ancestry all = new Ancestry(List.of(A1, A2, B1, forgetful));

        assertThat(all.forget(Set.of(forgetful.ref()), Set.of(A1.ref()))).isTrue();
        assertThat(all.forget(Set.of(forgetful.ref()), Set.of(A2.ref(), B1.ref())))
                .isFalse();
        assertThat(all.forget(Set.of(A1.ref()), Set.of(A1.ref()))).isFalse();
    }

    @Test
    void shouldFindVersionsThatWereTrainedOnTheSameSamples() {
        ModelVersion first = version("a", 1, null, null);
        ModelVersion second = version("a", 2, first, null);
        ModelVersion elsewhere = new ModelVersion(
                new VersionRef(new Lane("y", "a"), 1, DIGEST, DIGEST),
                new Lineage(null, 0, 15, 25, List.of(5), DIGEST, DIGEST),
                List.of(),
                5,
                Instant.EPOCH,
                Map.of());
        ModelVersion later = new ModelVersion(
                new VersionRef(new Lane("y", "a"), 2, DIGEST, DIGEST),
                new Lineage(elsewhere.ref(), 0, 30, 40, List.of(5), DIGEST, DIGEST),
                List.of(),
                10,
                Instant.EPOCH,
                Map.of());
        Ancestry all = new Ancestry(List.of(first, second, elsewhere, later, B1));

        assertThat(all.trainedOnSame(Set.of(elsewhere.ref()), Set.of(first.ref(), second.ref())))
                .contains(elsewhere.ref());
        assertThat(all.trainedOnSame(Set.of(second.ref()), Set.of(elsewhere.ref(), later.ref())))
                .contains(second.ref());
        assertThat(all.trainedOnSame(Set.of(later.ref(), B1.ref()), Set.of(first.ref(), second.ref())))
                .isEmpty();
    }

    private static VersionRef ref(String domain, long number) {
        return new VersionRef(new Lane("x", domain), number, DIGEST, DIGEST);
    }

    /** Returns a version of ten offsets, from ten times its number on. */
    private static ModelVersion version(
            String domain, long number, @Nullable ModelVersion parent, @Nullable ModelVersion merged) {
        Lineage lineage = new Lineage(
                parent == null ? null : parent.ref(),
                0,
                10 * number,
                10 * number + 10,
                List.of(10),
                DIGEST,
                DIGEST,
                List.of(),
                List.of(),
                merged == null ? null : new MergedVersion(merged.ref(), null));
        return new ModelVersion(ref(domain, number), lineage, List.of(), 10, Instant.EPOCH, Map.of());
    }
}
