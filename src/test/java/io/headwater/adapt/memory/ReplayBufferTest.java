package io.headwater.adapt.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.engine.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
    private static final long SEED = 11;

    @Property(tries = 200)
    void shouldNeverHoldMoreThanItsCapacityNorForgetBeforeItIsFull(
            @ForAll @IntRange(max = 30) int capacity,
            @ForAll @Size(max = 200) List<@IntRange(max = 4) Integer> labels) {
        ReplayBuffer buffer = filled(capacity, labels);

        assertThat(buffer.size()).isEqualTo(Math.min(capacity, labels.size()));
        assertThat(buffer.contents()).hasSize(buffer.size());
    }

    @Property(tries = 200)
    void shouldRememberAClassWholeOrAboutAsWellAsTheLargest(
            @ForAll @IntRange(min = 1, max = 30) int capacity,
            @ForAll @Size(max = 300) List<@IntRange(max = 4) Integer> labels) {
        ReplayBuffer buffer = filled(capacity, labels);

        int[] kept = counts(buffer);
        int largest = Arrays.stream(kept).max().orElse(0);
        for (int label = 0; label < kept.length; label++) {
            int offered =
                    (int) labels.stream().filter(Integer.valueOf(label)::equals).count();
            assertThat(kept[label]).isGreaterThanOrEqualTo(Math.min(offered, largest - 1));
        }
    }

    @Test
    void shouldRememberEarlyAndLateSamplesOfALevelStreamAlike() {
        // Given: three classes in turn; if the capacity is not divisible by three, one class has one place less
        int offered = 3000;
        int capacity = 100;
        int early = 0;

        // When
        for (int run = 0; run < 20; run++) {
            ReplayBuffer buffer = new ReplayBuffer(capacity);
            for (int i = 0; i < offered; i++) {
                buffer.add(remembered(i, i % 3), new SplitMix64(SEED + run, i));
            }
            early += (int) buffer.contents().stream()
                    .filter(one -> one.features()[0] < offered / 2f)
                    .count();
        }

        // Then: of 2,000 remembered, half are from the first half, within five standard deviations
        assertThat(early).isBetween(1000 - 112, 1000 + 112);
    }

    @Test
    void shouldForgetSamplesBeforeANumberAndTakeNewOnesAsIfTheyHadNotBeen() {
        // Given
        ReplayBuffer buffer = new ReplayBuffer(6);
        for (int i = 1; i <= 40; i++) {
            buffer.add(numbered(i), new SplitMix64(SEED, i));
        }
        long kept = buffer.contents().stream().filter(one -> one.number() >= 30).count();

        // When
        int left = buffer.forgetBefore(30);

        // Then
        assertThat(left).isEqualTo(6 - (int) kept);
        assertThat(buffer.contents()).allMatch(one -> one.number() >= 30).hasSize((int) kept);
        assertThat(buffer.seen()).isEqualTo(buffer.sizes());
        for (int i = 41; buffer.size() < 6; i++) {
            int before = buffer.size();
            buffer.add(numbered(i), new SplitMix64(SEED, i));
            assertThat(buffer.size()).isEqualTo(before + 1);
        }
    }

    private static StoredSample numbered(int number) {
        return new StoredSample(new float[] {number}, new float[] {number % 3}, number % 3, number, new float[0]);
    }

    @Test
    void shouldForgetOneOfEqualSamples() {
        ReplayBuffer buffer = new ReplayBuffer(10);
        for (int i = 0; i < 3; i++) {
            buffer.add(remembered(i / 2, 1), new SplitMix64(SEED, i));
        }

        assertThat(buffer.forget(remembered(5, 1))).isEmpty();
        assertThat(buffer.forget(remembered(0, 0))).isEmpty();
        assertThat(buffer.forget(remembered(0, 1))).isPresent();

        assertThat(buffer.size()).isEqualTo(2);
        assertThat(buffer.contents()).extracting(one -> one.features()[0]).containsExactly(0f, 1f);
    }

    @Property(tries = 100)
    void shouldGoOnAlikeWhenRestored(
            @ForAll @IntRange(max = 20) int capacity,
            @ForAll @Size(max = 120) List<@IntRange(max = 4) Integer> labels,
            @ForAll @IntRange(max = 120) int cut) {
        // Given
        int n = Math.min(cut, labels.size());
        ReplayBuffer through = filled(capacity, labels);
        ReplayBuffer before = filled(capacity, labels.subList(0, n));

        // When
        ReplayBuffer restored = ReplayBuffer.restore(capacity, before.contents(), before.seen());
        add(restored, labels, n);

        // Then
        assertThat(restored.contents()).usingRecursiveComparison().isEqualTo(through.contents());
        assertThat(restored.seen()).isEqualTo(through.seen());
        assertThat(restored.sample(10, new SplitMix64(SEED, 3)))
                .usingRecursiveComparison()
                .isEqualTo(through.sample(10, new SplitMix64(SEED, 3)));
    }

    @Test
    void shouldSampleEveryClassAlikeHoweverRare() {
        // Given: 90 of class 0, 10 of class 2
        ReplayBuffer buffer = new ReplayBuffer(100);
        for (int i = 0; i < 100; i++) {
            buffer.add(remembered(i, i % 10 == 0 ? 2 : 0), new SplitMix64(SEED, i));
        }

        // When
        int rare = 0;
        for (int step = 0; step < 100; step++) {
            rare += (int) buffer.sample(20, new SplitMix64(SEED, step)).stream()
                    .filter(one -> one.stratum() == 2)
                    .count();
        }

        // Then: half of 2,000, within five standard deviations
        assertThat(rare).isBetween(1000 - 112, 1000 + 112);
    }

    @Test
    void shouldGiveNoMoreThanItHolds() {
        ReplayBuffer buffer = filled(10, List.of(0, 1, 0));

        assertThat(buffer.sample(48, new SplitMix64(SEED, 0))).hasSize(3);
        assertThat(new ReplayBuffer(0).sample(48, new SplitMix64(SEED, 0))).isEmpty();
    }

    @Test
    void shouldLetGoOfWhatASmallerCapacityHasNoRoomFor() {
        // Given
        ReplayBuffer large = filled(40, new Random(1).ints(200, 0, 3).boxed().toList());

        // When
        ReplayBuffer small = ReplayBuffer.restore(10, large.contents(), large.seen());

        // Then
        assertThat(small.size()).isEqualTo(10);
        assertThat(Arrays.stream(counts(small)))
                .allSatisfy(kept -> assertThat(kept).isBetween(3, 4));
    }

    private static StoredSample remembered(int feature, int stratum) {
        return new StoredSample(new float[] {feature}, new float[] {stratum}, stratum);
    }

    private static ReplayBuffer filled(int capacity, List<Integer> labels) {
        ReplayBuffer buffer = new ReplayBuffer(capacity);
        add(buffer, labels, 0);
        return buffer;
    }

    private static void add(ReplayBuffer buffer, List<Integer> labels, int from) {
        for (int i = from; i < labels.size(); i++) {
            buffer.add(remembered(i, labels.get(i)), new SplitMix64(SEED, i));
        }
    }

    private static int[] counts(ReplayBuffer buffer) {
        int[] counts = new int
                [buffer.contents().stream()
                                .mapToInt(StoredSample::stratum)
                                .max()
                                .orElse(-1)
                        + 1];
        buffer.contents().forEach(one -> counts[one.stratum()]++);
        return counts;
    }
}
