package io.headwater.intake.ahead;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.FeaturizedRecord.PayloadFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowedPartitionTest {
    private static final long TIME = Duration.ofDays(9).toMillis();

    private final FollowedPartition partition = new FollowedPartition();

    @Test
    void shouldKeepFeaturesUntilTheirRecordIsPrepared() {
        partition.open(0, TIME);
        partition.arrive(record(0), true);
        partition.arrive(record(1), true);

        assertThat(partition.of(0)).hasSize(1);
        assertThat(partition.close(0)).hasSize(1);
        partition.open(1, TIME);
        assertThat(partition.of(1)).hasSize(1);
    }

    @Test
    void shouldWaitForNothingThatFeaturizersHavePassed() {
        partition.open(3, TIME);

        assertThat(partition.isComing(3)).isTrue();
        partition.arrive(record(2), true);
        assertThat(partition.isComing(3)).isTrue();
        partition.arrive(new FeaturizedRecord("mood", digest("us"), "samples", 3, List.of()), true);
        assertThat(partition.isComing(3)).isFalse();
        assertThat(partition.hasPassed(3)).isTrue();
    }

    @Test
    void shouldNotWaitAgainUntilFeaturizersHaveCaughtUp() {
        partition.open(5, TIME);
        assertThat(partition.giveUp()).isTrue();
        partition.open(6, TIME);

        partition.arrive(record(5), true);
        assertThat(partition.isComing(6)).isFalse();
        partition.arrive(record(6), true);
        partition.open(7, TIME);
        assertThat(partition.isComing(7)).isTrue();
    }

    @Test
    void shouldLeaveFeaturesThatCameTooLateToTheCacheAndHoldNothingForGood() {
        for (int i = 0; i < 4; i++) {
            partition.open(i, TIME);
        }
        // The second group ends before the first.
        assertThat(partition.close(2)).isEmpty();
        assertThat(partition.close(3)).isEmpty();

        assertThat(partition.arrive(record(2), true)).hasSize(1);
        assertThat(partition.arrive(record(0), true)).isEmpty();
        assertThat(partition.arrive(record(1), true)).isEmpty();
        assertThat(partition.isWanted(1)).isFalse();
        assertThat(partition.close(1)).hasSize(1);
        assertThat(partition.close(0)).hasSize(1);
        assertThat(partition.isWanted(1)).isTrue();
    }

    /** Threads need not begin in the order of their groups. */
    @Test
    void shouldKeepFeaturesOfARecordThatIsPreparedAfterLaterOnes() {
        partition.arrive(record(4), true);
        partition.arrive(record(5), true);
        partition.open(5, TIME);
        assertThat(partition.close(5)).hasSize(1);

        partition.open(4, TIME);

        assertThat(partition.of(4)).hasSize(1);
    }

    @Test
    void shouldForgetFeaturesOfRecordsThatWereLongPassedOver() {
        partition.arrive(record(4), true);
        partition.open(100_000, TIME);

        assertThat(partition.close(100_000)).hasSize(1);
        assertThat(partition.isWanted(1)).isTrue();
        assertThat(partition.arrive(record(5), true)).hasSize(1);
    }

    @Test
    void shouldReadOnWhileSomebodyWaitsHoweverMuchThereIs() {
        partition.arrive(record(0), true);

        assertThat(partition.isWanted(1)).isFalse();
        partition.waits();
        assertThat(partition.isWanted(1)).isTrue();
        partition.waitsNoLonger();
        assertThat(partition.isWanted(1)).isFalse();
        assertThat(partition.isWanted(1 << 20)).isTrue();
    }

    @Test
    void shouldSeekToTheTimeOfItsFirstRecordAndAgainWhenThePositionIsLost() {
        assertThat(partition.takeSeek()).isNull();

        partition.open(0, TIME);
        assertThat(partition.takeSeek()).isNotNull().isLessThan(TIME);
        partition.open(1, TIME + 1);
        assertThat(partition.takeSeek()).isNull();
        long dayBefore = TIME - Duration.ofDays(1).toMillis();
        partition.open(2, dayBefore);
        assertThat(partition.takeSeek()).isNotNull().isLessThan(dayBefore);
        partition.lost();
        assertThat(partition.takeSeek())
                .isNotNull()
                .isBetween(dayBefore - Duration.ofHours(1).toMillis(), dayBefore);
    }

    @Test
    void shouldTellThatFeaturesWereComputedInAnotherWay() {
        partition.open(0, TIME);

        assertThat(partition.arrive(record(0), false)).isEmpty();

        assertThat(partition.isOther()).isTrue();
        assertThat(partition.isComing(0)).isFalse();
        assertThat(partition.of(0)).isEmpty();
    }

    private static FeaturizedRecord record(long offset) {
        return new FeaturizedRecord(
                "mood",
                digest("us"),
                "samples",
                offset,
                List.of(new PayloadFeatures(digest("text " + offset), new float[] {offset})));
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
