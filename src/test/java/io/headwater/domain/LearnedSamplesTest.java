package io.headwater.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.Command.Action;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LearnedSamplesTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final ModelVersion FIRST = version(1, null, 0, 10, List.of(), List.of());
    private static final ModelVersion SECOND = version(
            2,
            FIRST.ref(),
            10,
            30,
            List.of(new OffsetRange(15, 20)),
            List.of(new ForgottenSample("s", 4, 0, List.of())));
    private static final ModelVersion THIRD = version(3, null, 30, 40, List.of(), List.of());
    private static final List<ModelVersion> ALL = List.of(FIRST, SECOND, THIRD);

    @Test
    void shouldContainTheSamplesOfAncestors() {
        LearnedSamples learned = LearnedSamples.of(SECOND.ref(), ALL);
        assertThat(learned.contains(0)).isTrue();
        assertThat(learned.contains(29)).isTrue();
        assertThat(learned.contains(30)).isFalse();
    }

    @Test
    void shouldTakeNoOtherActionForTheChangeOfAClass() {
        assertThatThrownBy(() -> new LabelEdit(Action.PAUSE, "a", "", List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but is PAUSE");
    }

    @Test
    void shouldNotContainWhatWasPassedOverOrForgotten() {
        LearnedSamples learned = LearnedSamples.of(SECOND.ref(), ALL);
        assertThat(learned.contains(15)).isFalse();
        assertThat(learned.contains(20)).isTrue();
        assertThat(learned.contains(4)).isFalse();
        assertThat(LearnedSamples.of(FIRST.ref(), ALL).contains(4)).isTrue();
    }

    @Test
    void shouldNotContainWhatWasLearnedBeforeANewBeginning() {
        LearnedSamples learned = LearnedSamples.of(THIRD.ref(), ALL);
        assertThat(learned.contains(5)).isFalse();
        assertThat(learned.contains(35)).isTrue();
    }

    @Test
    void shouldContainOnlyWhatBelongsToTheNewestVersionsThatAreWanted() {
        LearnedSamples newest = LearnedSamples.of(SECOND.ref(), ALL).newestWhile(one -> one.fromOffset() > 0);
        assertThat(newest.contains(5)).isFalse();
        assertThat(newest.contains(12)).isTrue();
        assertThat(newest.contains(15)).isFalse();
    }

    /** Of a class that was removed, what came between is none of the samples that were learned. */
    @Test
    void shouldKnowWhichSamplesOfARemovedClassWereRefused() {
        ModelVersion removing =
                relabelled(2, FIRST.ref(), new LabelEdit(Action.REMOVE_LABEL, "b", "", List.of(7L), List.of()));
        ModelVersion restoring =
                relabelled(3, removing.ref(), new LabelEdit(Action.RESTORE_LABEL, "b", "", List.of(), List.of()));
        List<ModelVersion> all = List.of(FIRST, removing, restoring);
        LearnedSamples removed = LearnedSamples.of(removing.ref(), all);
        LearnedSamples restored = LearnedSamples.of(restoring.ref(), all);

        assertThat(removed.refuses(19, "b")).isFalse();
        assertThat(removed.refuses(20, "b")).isTrue();
        assertThat(removed.refuses(99, "b")).isTrue();
        assertThat(removed.refuses(20, "a")).isFalse();
        assertThat(removed.contains(7)).isFalse();
        assertThat(restored.refuses(29, "b")).isTrue();
        assertThat(restored.refuses(30, "b")).isFalse();
    }

    @Test
    void shouldRefuseWhatMeansARemovedClass() {
        ModelVersion merging =
                relabelled(2, FIRST.ref(), new LabelEdit(Action.MERGE_LABEL, "a", "b", List.of(), List.of()));
        ModelVersion removing =
                relabelled(3, merging.ref(), new LabelEdit(Action.REMOVE_LABEL, "b", "", List.of(), List.of()));
        LearnedSamples learned = LearnedSamples.of(removing.ref(), List.of(FIRST, merging, removing));

        assertThat(learned.refuses(25, "a")).isFalse();
        assertThat(learned.refuses(35, "a")).isTrue();
        assertThat(learned.refuses(35, "c")).isFalse();
    }

    /** Returns a version of ten offsets, from ten times its number on. */
    private static ModelVersion relabelled(long number, @Nullable VersionRef parent, LabelEdit edit) {
        Lineage lineage = new Lineage(
                parent,
                0,
                10 * number,
                10 * number + 10,
                List.of(),
                DIGEST,
                DIGEST,
                List.of(),
                List.of(),
                null,
                "",
                List.of(),
                edit,
                List.of(),
                0);
        VersionRef ref = new VersionRef(new Lane("a", "b"), number, DIGEST, DIGEST);
        return new ModelVersion(ref, lineage, List.of(), 0, Instant.EPOCH, Map.of());
    }

    private static ModelVersion version(
            long number,
            @Nullable VersionRef parent,
            long from,
            long to,
            List<OffsetRange> skipped,
            List<ForgottenSample> forgotten) {
        Lineage lineage = new Lineage(parent, 0, from, to, List.of(), DIGEST, DIGEST, skipped, forgotten, null);
        VersionRef ref = new VersionRef(new Lane("a", "b"), number, DIGEST, DIGEST);
        return new ModelVersion(ref, lineage, List.of(), 0, Instant.EPOCH, Map.of());
    }
}
