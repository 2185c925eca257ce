package io.headwater.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Serving.DecidedBy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServedVersionTest {
    private static final Lane LANE = new Lane("reviews", "shop");
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void shouldNameTheVersionOfTheNewestDecisionBefore() {
        List<Serving> decisions = List.of(decision(1, null, 0), decision(2, 1L, 10), decision(1, 2L, 20));

        assertThat(at(10, decisions).version()).isEqualTo(version(2));
        assertThat(at(19, decisions).until()).isEqualTo(START.plusSeconds(20));
        assertThat(at(5, decisions).version()).isEqualTo(version(1));
        assertThat(at(1000, decisions).version()).isEqualTo(version(1));
        assertThat(at(1000, decisions).until()).isNull();
    }

    @Test
    void shouldSayThatNoneServedBeforeTheFirstDecision() {
        ServedVersion before = at(-1, List.of(decision(1, null, 0), decision(2, 1L, 10)));

        assertThat(before.version()).isNull();
        assertThat(before.reason()).isEqualTo("no version served yet; the first one did at " + START);
    }

    @Test
    void shouldNotInventWhatIsNoLongerKept() {
        List<Serving> kept = List.of(decision(7, 6L, 100));

        assertThat(at(50, kept).version()).isNull();
        assertThat(at(50, kept).reason()).contains("no longer kept", "until then, reviews/shop@6 served");
        assertThat(at(-1, kept).reason()).contains("no version served yet");
    }

    /** Former releases only kept what compaction left. */
    @Test
    void shouldNotInventWhatIsMissingBetween() {
        List<Serving> kept = List.of(decision(2, 1L, 0), decision(5, 4L, 100));

        assertThat(at(50, kept).version()).isNull();
        assertThat(at(50, kept).reason()).contains("reviews/shop@2 began to serve", "reviews/shop@4 ended to");
        assertThat(at(100, kept).version()).isEqualTo(version(5));
    }

    private static ServedVersion at(int second, List<Serving> decisions) {
        return ServedVersion.at(LANE, START.plusSeconds(second), decisions);
    }

    private static Serving decision(long version, @Nullable Long previous, int second) {
        Serving serving = new Serving(
                version(version),
                previous == null ? null : version(previous),
                DecidedBy.GATE,
                "a reason",
                false,
                START.plusSeconds(second));
        return serving.withServedSince(START);
    }

    private static VersionRef version(long number) {
        return new VersionRef(LANE, number, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
    }
}
