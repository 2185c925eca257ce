package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneProgressTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final VersionRef VERSION = new VersionRef(new Lane("a", "b"), 3, DIGEST, DIGEST);
    private static final Pause PAUSE = new Pause(Instant.EPOCH, "holiday");

    @Test
    void shouldPassOverTheOffsetsOfEachPause() {
        LaneProgress progress = new LaneProgress(10, "a topic", null);
        progress.step(4, List.of());
        progress.pause(PAUSE, 20);
        progress.resume(30);
        progress.step(2, List.of());
        progress.pause(PAUSE, 40);

        Lineage lineage = progress.lineage(null, 0, 50, DIGEST, DIGEST);

        assertThat(lineage.skipped()).containsExactly(new OffsetRange(20, 30), new OffsetRange(40, 50));
        assertThat(lineage.steps()).containsExactly(4, 2);
        assertThat(lineage.skips(29)).isTrue();
        assertThat(lineage.skips(30)).isFalse();
    }

    @Test
    void shouldNeedAVersionForAMergeAndNameItOnce() {
        MergedVersion merged = new MergedVersion(VERSION, null);
        LaneProgress progress = new LaneProgress(10, "a topic", null);
        progress.merge(merged);
        assertThat(progress.needsVersion()).isTrue();
        assertThat(progress.lineage(null, 0, 10, DIGEST, DIGEST).merged()).isEqualTo(merged);

        progress.versionSaved(10, Instant.EPOCH);

        assertThat(progress.needsVersion()).isFalse();
        assertThat(progress.lineage(null, 0, 10, DIGEST, DIGEST).merged()).isNull();
    }

    @Test
    void shouldContinueAPauseAfterARestart() {
        LaneProgress progress = new LaneProgress(10, "a topic", null);
        progress.versionSaved(20, Instant.EPOCH);
        progress.pause(PAUSE, -1);
        TrainerState saved = progress.state(VERSION, 26, 2);
        assertThat(saved.fromOffset()).isEqualTo(20);
        assertThat(saved.nextOffset()).isEqualTo(26);

        LaneProgress restored = LaneProgress.of(saved);
        assertThat(restored.pause()).isEqualTo(PAUSE);
        restored.resume(-1);

        assertThat(restored.lineage(VERSION, 0, 40, DIGEST, DIGEST).skipped()).containsExactly(new OffsetRange(20, 26));
    }

    @Test
    void shouldKeepAPauseThatIsOverUntilTheNextVersion() {
        LaneProgress progress = new LaneProgress(0, "a topic", null);
        progress.versionSaved(20, Instant.EPOCH);
        progress.pause(PAUSE, 21);
        progress.resume(25);
        LaneProgress restored = LaneProgress.of(progress.state(VERSION, 60, 2));
        restored.step(8, List.of());
        assertThat(restored.lineage(VERSION, 0, 70, DIGEST, DIGEST).skipped()).containsExactly(new OffsetRange(20, 25));
        restored.versionSaved(70, Instant.EPOCH);
        assertThat(restored.lineage(VERSION, 0, 80, DIGEST, DIGEST).skipped()).isEmpty();
    }

    @Test
    void shouldPassNothingOverWithoutAPause() {
        LaneProgress progress = new LaneProgress(0, "a topic", null);
        progress.versionSaved(20, Instant.EPOCH);
        progress.markChanged();
        TrainerState saved = progress.state(VERSION, 60, 2);
        assertThat(saved.nextOffset()).isEqualTo(20);
        assertThat(saved.commandsOffset()).isEqualTo(2);
        assertThat(LaneProgress.of(saved)
                        .lineage(VERSION, 0, 70, DIGEST, DIGEST)
                        .skipped())
                .isEmpty();
    }

    @Test
    void shouldContainWhatWasLearnedSinceTheVersion() {
        LaneProgress progress = new LaneProgress(10, "a topic", null);
        progress.step(4, List.of());
        progress.pause(PAUSE, 20);
        assertThat(progress.contains(25, 30)).isFalse();
        progress.resume(30);
        progress.step(2, List.of());
        assertThat(progress.contains(9, 40)).isFalse();
        assertThat(progress.contains(15, 40)).isTrue();
        assertThat(progress.contains(25, 40)).isFalse();
        assertThat(progress.contains(35, 40)).isTrue();
    }

    @Test
    void shouldRememberANewBeginningUntilItsFirstVersion() {
        LaneProgress progress = new LaneProgress(0, "a topic", null);
        progress.restart(new Restart(null, Instant.EPOCH));
        assertThat(progress.needsState()).isTrue();
        assertThat(progress.state(VERSION, 5, 1).restart()).isNotNull();
        progress.versionSaved(9, Instant.EPOCH);
        assertThat(progress.state(VERSION, 9, 1).restart()).isNull();
    }

    @Test
    void shouldRecordAfterWhichStepASampleWasForgotten() {
        LaneProgress progress = new LaneProgress(0, "a topic", null);
        progress.step(4, List.of());
        progress.forget("s", 2, List.of("head"));
        progress.step(4, List.of());
        assertThat(progress.contains(1, 8)).isTrue();
        assertThat(progress.contains(2, 8)).isFalse();
        assertThat(progress.contains(8, 8)).isFalse();
        assertThat(progress.lineage(null, 0, 8, DIGEST, DIGEST).forgotten())
                .isEqualTo(List.of(new ForgottenSample("s", 2, 1, List.of("head"))));
    }

    @Test
    void shouldRememberWhatWasLostUntilTheNextVersion() {
        LaneProgress progress = new LaneProgress(10, "a topic", null);
        progress.versionSaved(20, Instant.EPOCH);
        progress.lose(new OffsetRange(20, 30));
        assertThat(progress.needsState()).isTrue();
        assertThat(progress.needsVersion()).isFalse();

        LaneProgress restored = LaneProgress.of(progress.state(VERSION, 30, 0));
        restored.step(8, List.of());
        Lineage lineage = restored.lineage(VERSION, 0, 40, DIGEST, DIGEST);
        restored.versionSaved(40, Instant.EPOCH);

        assertThat(lineage.lost()).containsExactly(new OffsetRange(20, 30));
        assertThat(lineage.samplesTopic()).isEqualTo("a topic");
        assertThat(restored.lineage(VERSION, 0, 50, DIGEST, DIGEST).lost()).isEmpty();
    }
}
