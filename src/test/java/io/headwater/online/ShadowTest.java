package io.headwater.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Lane;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How challengers are written, and which requests they answer. */
class ShadowTest {
    private static final int REQUESTS = 2000;

    @Property(tries = 200)
    void shouldReadWhatItWrites(
            @ForAll("domains") String domain,
            @ForAll @LongRange(min = 1) long version,
            @ForAll @DoubleRange(min = 0.000001, max = 1) @Scale(6) double share) {
        Shadow shadow = new Shadow(new Lane("reviews.v2", domain), version, share);

        assertThat(Shadow.parse(shadow.toString())).contains(shadow);
    }

    @Provide
    Arbitrary<String> domains() {
        return Arbitraries.strings().withChars("aé@:. -0,").ofMinLength(1).ofMaxLength(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reviews/shop",
                "reviews/shop@3",
                "reviews/shop:0.1",
                "reviews/shop:0.1@3",
                "reviews@3:0.1",
                "/shop@3:0.1",
                "reviews/@3:0.1",
                "reviews/a/b@3:0.1",
                "reviews/shop@0:0.1",
                "reviews/shop@-3:0.1",
                "reviews/shop@three:0.1",
                "reviews/shop@3:0",
                "reviews/shop@3:-0.1",
                "reviews/shop@3:1.01",
                "reviews/shop@3:NaN",
                "reviews/shop@3:10%",
                "reviews/shop@3:"
            })
    void shouldReadNothingElse(String text) {
        assertThat(Shadow.parse(text)).isEmpty();
    }

    /** The standard deviation of the counted share is at most 0.0112. */
    @Property(tries = 50)
    void shouldChooseItsShareOfTheRequestsAndKeepThemWhenItIsRaised(
            @ForAll @NotEmpty String prefix, @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
        Shadow some = new Shadow(new Lane("reviews", "shop"), 3, share);
        Shadow more = new Shadow(new Lane("reviews", "shop"), 4, Math.min(1, 1.5 * share));

        long chosen = IntStream.range(0, REQUESTS)
                .filter(i -> some.chooses(prefix + i))
                .peek(i -> assertThat(more.chooses(prefix + i)).isTrue())
                .count();

        assertThat((double) chosen / REQUESTS).isCloseTo(share, within(0.07));
    }

    @Test
    void shouldChooseOtherRequestsInOtherLanes() {
        Shadow shop = new Shadow(new Lane("reviews", "shop"), 3, 0.5);
        Shadow cafe = new Shadow(new Lane("reviews", "cafe"), 3, 0.5);

        long both = IntStream.range(0, REQUESTS)
                .filter(i -> shop.chooses("r" + i) && cafe.chooses("r" + i))
                .count();

        assertThat((double) both / REQUESTS).isCloseTo(0.25, within(0.07));
    }
}
