package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.judge.Notice.Kind;
import io.headwater.testing.Sections;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tests when a lane says that it has not promoted a better version. */
class StallWatchTest {
    private static final int STRETCH = 500;

    @Test
    void shouldReportEachStretchInWhichTheNewestWeightsAreBetter() {
        StallWatch watch = new StallWatch(STRETCH);
        add(watch, 999, 1, 0.9, 0.7);

        assertThat(watch.take()).singleElement().satisfies(notice -> {
            assertThat(notice.kind()).isEqualTo(Kind.STALLED);
            assertThat(notice.samples()).isEqualTo(500);
            assertThat(notice.difference()).isBetween(0.1, 0.3);
            assertThat(notice.text())
                    .startsWith("no version was promoted for 500 samples, but the accuracy of the newest weights is")
                    .endsWith("points higher than that of the serving version on the last 500");
        });
        add(watch, 1, 2, 0.9, 0.7);
        assertThat(watch.take())
                .singleElement()
                .satisfies(notice -> assertThat(notice.samples()).isEqualTo(1000));
    }

    @Test
    void shouldBeginAnewWhenAVersionIsPromoted() {
        StallWatch watch = new StallWatch(STRETCH);
        add(watch, 499, 1, 0.9, 0.7);
        watch.promoted();
        add(watch, 499, 2, 0.9, 0.7);

        assertThat(watch.take()).isEmpty();
    }

    /** The level is 1 %, of which more than 8 in 200 would be a matter of less than 1 in 1,000. */
    @Test
    void shouldRarelyReportWeightsThatAreNotBetter() {
        int reported = 0;
        for (int seed = 0; seed < 200; seed++) {
            StallWatch watch = new StallWatch(STRETCH);
            add(watch, STRETCH, seed, 0.8, 0.8);
            reported += watch.take().size();
        }

        assertThat(reported).isLessThanOrEqualTo(8);
    }

    @Test
    void shouldContinueFromItsSection() {
        StallWatch watch = new StallWatch(STRETCH);
        add(watch, 300, 1, 0.9, 0.7);

        StallWatch restored = StallWatch.read(STRETCH, Sections.written(watch::write));

        add(watch, 200, 2, 0.9, 0.7);
        add(restored, 200, 2, 0.9, 0.7);
        assertThat(restored.take()).hasSize(1).isEqualTo(watch.take());
    }

    private static void add(StallWatch watch, int samples, long seed, double newest, double serving) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < samples; i++) {
            watch.add(random.nextDouble() < newest ? 1 : 0, random.nextDouble() < serving ? 1 : 0, "accuracy");
        }
    }
}
