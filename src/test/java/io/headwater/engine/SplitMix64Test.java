package io.headwater.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    /** Compares with the published algorithm's first numbers for the state 1234567, from its authors' test vectors. */
    @Test
    void shouldBeComparedWithTheAlgorithmAsPublished() {
        SplittableRandom reference = new SplittableRandom(1234567);

        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("9817491932198370423");
    }

    @Property
    void shouldGiveTheNumbersOfTheAlgorithmFromAStateOfSeedAndStep(@ForAll long seed, @ForAll long step) {
        SplittableRandom reference = new SplittableRandom(mixed(seed) ^ mixed(step * GOLDEN_GAMMA + 1));
        SplitMix64 random = new SplitMix64(seed, step);

        for (int i = 0; i < 20; i++) {
            assertThat(random.nextLong()).isEqualTo(reference.nextLong());
        }
    }

    @Property
    void shouldDrawFromZeroToBelowTheBound(@ForAll long seed, @ForAll @Positive int bound) {
        SplitMix64 random = new SplitMix64(seed, 0);

        for (int i = 0; i < 50; i++) {
            assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
        }
    }

    @Property(tries = 20)
    void shouldDrawEveryNumberAlike(@ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int bound) {
        SplitMix64 random = new SplitMix64(seed, 7);
        int[] counts = new int[bound];
        for (int i = 0; i < 1000 * bound; i++) {
            counts[random.nextInt(bound)]++;
        }

        // Seven standard deviations of a binomial distribution with mean 1,000.
        assertThat(Arrays.stream(counts)).allSatisfy(count -> assertThat(count).isBetween(780, 1220));
    }

    /** Returns the output function of the generator at the state {@code z}. */
    private static long mixed(long z) {
        return new SplittableRandom(z - GOLDEN_GAMMA).nextLong();
    }
}
