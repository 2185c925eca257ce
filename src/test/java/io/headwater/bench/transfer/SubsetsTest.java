package io.headwater.bench.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetsTest {
    private static final int RARE = 100;
    private static final int COMMON = 300;
    private static final TransferData DATA = data();

    @Test
    void shouldNestTheSmallerInTheLarger() {
        Subsets subsets = Subsets.of(DATA, 3);

        assertThat(subsets.first(200, 1, 3)).startsWith(subsets.first(50, 1, 3).toArray(Integer[]::new));
        assertThat(subsets.first(DATA.size(), 1, 3)).doesNotHaveDuplicates().hasSize(DATA.size());
    }

    @Test
    void shouldKeepTheSharesOfTheStrataInEveryBeginning() {
        Subsets subsets = Subsets.of(DATA, 3);
        for (int size = 20; size <= DATA.size(); size += 20) {
            long rare = subsets.first(size, 1, 3).stream()
                    .filter(sample -> DATA.stratum(sample).equals("rare"))
                    .count();
            assertThat(rare).as("of %d", size).isBetween(size / 4 - 1L, size / 4 + 1L);
        }
    }

    @Test
    void shouldComeOutTheSameForASeedAndOtherwiseForAnother() {
        assertThat(Subsets.of(DATA, 3).first(50, 2, 3))
                .isEqualTo(Subsets.of(DATA, 3).first(50, 2, 3));
        assertThat(Subsets.of(DATA, 4).first(50, 1, 4))
                .isNotEqualTo(Subsets.of(DATA, 3).first(50, 1, 3));
    }

    @Test
    void shouldPassOverTheSameSamplesInAnotherOrder() {
        List<Integer> stream = Subsets.of(DATA, 3).first(50, 3, 3);

        List<Integer> first = stream.subList(0, 50);
        List<Integer> second = stream.subList(50, 100);
        assertThat(stream).hasSize(150);
        assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
    }

    @Test
    void shouldHoldBackWhatNoSmallerSubsetHas() {
        Subsets subsets = Subsets.of(DATA, 3);

        assertThat(Collections.disjoint(subsets.first(200, 1, 3), subsets.last(200)))
                .isTrue();
    }

    private static TransferData data() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < RARE + COMMON; i++) {
            lines.add((i < RARE ? "rare" : "common") + "\t" + i);
        }
        return new TransferData.Lines(lines, true);
    }
}
