package io.headwater.adapt.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests when a contender counts as better than another one. */
class LeadTest {
    private final Lead lead = new Lead();

    private void add(int count, double difference) {
        for (int i = 0; i < count; i++) {
            lead.add(difference);
        }
    }

    @Test
    void shouldBeNoneWithoutSamples() {
        assertThat(lead.isVisible()).isFalse();
        assertThat(lead.mean()).isZero();
    }

    @Test
    void shouldBeNoneWhereBothAreAsGood() {
        add(100, 0);

        assertThat(lead.isVisible()).isFalse();
    }

    @Test
    void shouldBeVisibleAfterFewSamplesOnWhichOneIsBetter() {
        add(16, 0.1);

        assertThat(lead.isVisible()).isTrue();
        assertThat(lead.mean()).isCloseTo(0.1, within(1e-9));
    }

    /** A lead from before anything was learned says nothing of those who have learned since. */
    @Test
    void shouldSoonForgetTheFirstSamples() {
        add(16, 1);
        assertThat(lead.isVisible()).isTrue();

        add(48, 0);

        assertThat(lead.mean()).isLessThan(0.03);
        assertThat(lead.isVisible()).isFalse();
    }

    @Test
    void shouldEndSoonAfterOneIsWorse() {
        add(64, 0.3);

        add(48, -0.3);

        assertThat(lead.isVisible()).isFalse();
        assertThat(lead.mean()).isNegative();
    }

    @Test
    void shouldNotDependOnASingleSampleOfMany() {
        add(15, 0);
        lead.add(1);
        add(16, 0);

        assertThat(lead.mean()).isPositive();
        assertThat(lead.isVisible()).isFalse();
    }

    @Test
    void shouldSeeASmallLeadOnManySamples() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            lead.add(0.1 + 0.4 * random.nextGaussian());
        }

        assertThat(lead.isVisible()).isTrue();
    }
}
