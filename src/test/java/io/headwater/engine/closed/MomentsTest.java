package io.headwater.engine.closed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MomentsTest {

    @Property(tries = 40)
    void shouldNotDependOnOrderOrDivision(@ForAll @IntRange(min = 1, max = 150) int count, @ForAll Random random) {
        Rows rows = Rows.random(count, 7, 3, random);
        Moments whole = Moments.of(7);
        whole.add(rows.features(), rows.targets());

        Moments parts = Moments.of(7);
        List<Integer> order =
                new java.util.ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        for (int from = 0; from < count; ) {
            int to = Math.min(count, from + 1 + random.nextInt(70));
            Rows part = rows.select(order.subList(from, to));
            parts.add(part.features(), part.targets());
            from = to;
        }

        assertThat(bytes(parts)).isEqualTo(bytes(whole));
    }

    @Property(tries = 40)
    void shouldMergeAndRemoveExactly(@ForAll @IntRange(min = 2, max = 150) int count, @ForAll Random random) {
        Rows rows = Rows.random(count, 5, 4, random);
        int cut = 1 + random.nextInt(count - 1);
        Rows first = rows.select(IntStream.range(0, cut).boxed().toList());
        Rows second = rows.select(IntStream.range(cut, count).boxed().toList());
        Moments whole = Moments.of(5);
        whole.add(rows.features(), rows.targets());
        Moments one = Moments.of(5);
        one.add(first.features(), first.targets());
        Moments two = Moments.of(5);
        two.add(second.features(), second.targets());

        Moments merged = one.copy();
        merged.addAll(two);
        assertThat(bytes(merged)).isEqualTo(bytes(whole));
        merged.subtractAll(two);
        assertThat(bytes(merged)).isEqualTo(bytes(one));
        whole.remove(first.features(), first.targets());
        assertThat(bytes(whole)).isEqualTo(bytes(two));
        whole.remove(second.features(), second.targets());
        assertThat(bytes(whole)).isEqualTo(bytes(Moments.of(5)));
    }

    @Property(tries = 25)
    void shouldBeAsIfTheOutputsHadAlwaysHadTheirPlaces(@ForAll Random random) {
        Rows rows = Rows.random(30, 5, 3, random);
        List<Integer> order = new java.util.ArrayList<>(List.of(0, 1, 2, 3, 4));
        Collections.shuffle(order, random);
        int[] places = order.stream().mapToInt(Integer::intValue).limit(4).toArray();
        float[][] placed = new float[30][5];
        for (int row = 0; row < 30; row++) {
            for (int i = 0; i < 3; i++) {
                placed[row][places[i]] = rows.targets()[row][i];
            }
        }
        Moments moments = Moments.of(5);
        moments.add(rows.features(), rows.targets());
        Moments direct = Moments.of(5);
        direct.add(rows.features(), placed);

        Moments moved = moments.placed(places);

        assertThat(bytes(moved)).isEqualTo(bytes(direct));
        moved.clear();
        assertThat(moments.rows()).isEqualTo(30);
        assertThatThrownBy(() -> direct.placed(new int[] {0})).hasMessageContaining("need a place for each of them");
    }

    @Property(tries = 25)
    void shouldAgreeWithExactArithmetic(@ForAll @IntRange(min = 1, max = 90) int count, @ForAll Random random) {
        Rows rows = Rows.random(count, 4, 2, random);
        Moments moments = Moments.of(4);
        moments.add(rows.features(), rows.targets());

        Map<String, Tensor> state = moments.state();
        int at = 0;
        for (int i = 0; i < 4; i++) {
            for (int j = i; j < 4; j++) {
                assertThat(sum(state, "xx", at++)).isEqualTo(sum(rows.features(), i, rows.features(), j));
            }
            assertThat(sum(state, "x", i)).isEqualTo(sum(rows.features(), i));
            for (int output = 0; output < moments.outputs(); output++) {
                assertThat(sum(state, "xy", output * 4 + i)).isEqualTo(sum(rows.features(), i, rows.targets(), output));
            }
        }
        for (int output = 0; output < moments.outputs(); output++) {
            assertThat(sum(state, "y", output)).isEqualTo(sum(rows.targets(), output));
            assertThat(sum(state, "yy", output)).isEqualTo(sum(rows.targets(), output, rows.targets(), output));
        }
    }

    @Property(tries = 25)
    void shouldTreatAClassAsATargetWithOneAtItsPlace(@ForAll Random random) {
        Rows rows = Rows.random(30, 6, 1, random);
        int[] classes = random.ints(30, 0, 5).toArray();
        float[][] targets = new float[30][];
        for (int i = 0; i < 30; i++) {
            targets[i] = new float[classes[i] + 1 + random.nextInt(3)];
            targets[i][classes[i]] = 1;
        }
        Moments byClass = Moments.of(6);
        byClass.add(rows.features(), classes);
        Moments byTarget = Moments.of(6);
        byTarget.add(rows.features(), targets);

        assertThat(bytes(byClass)).isEqualTo(bytes(byTarget));
        byTarget.remove(rows.features(), classes);
        assertThat(bytes(byTarget)).isEqualTo(bytes(Moments.of(6)));
    }

    @Test
    void shouldNotRememberOutputsWhoseRowsWereRemoved() {
        float[][] row = {{1, 2}};
        Moments moments = Moments.of(2);
        moments.add(row, new int[] {0});
        byte[] before = bytes(moments);

        moments.add(row, new int[] {9});
        assertThat(moments.outputs()).isEqualTo(10);
        moments.remove(row, new int[] {9});

        assertThat(moments.outputs()).isEqualTo(1);
        assertThat(bytes(moments)).isEqualTo(before);
    }

    @Property(tries = 25)
    void shouldContinueExactlyFromItsState(@ForAll Random random) {
        Rows rows = Rows.random(20, 5, 3, random);
        Moments moments = Moments.of(5);
        moments.add(rows.features(), rows.targets());
        Moments restored = Moments.restore(
                5,
                Safetensors.read(Safetensors.write(moments.state(), Map.of())).tensors());
        assertThat(bytes(restored)).isEqualTo(bytes(moments));

        moments.add(rows.features(), rows.targets());
        restored.add(rows.features(), rows.targets());
        assertThat(bytes(restored)).isEqualTo(bytes(moments));
    }

    @Test
    void shouldSaturateLargeFeatures() {
        Moments large = Moments.of(2);
        large.add(new float[][] {{Float.MAX_VALUE, -Float.MAX_VALUE}}, new int[] {0});
        Moments largest = Moments.of(2);
        largest.add(new float[][] {{0x1p27f, -0x1p27f}}, new int[] {0});

        assertThat(bytes(large)).isEqualTo(bytes(largest));
        assertThat(sum(large.state(), "xx", 1))
                .isEqualTo(BigInteger.ONE.shiftLeft(94).negate());
    }

    @Test
    void shouldAddTheLargestFeaturesExactly() {
        float[][] rows = new float[640][];
        Arrays.fill(rows, new float[] {0x1p27f, -0x1.fffffep26f});
        Moments moments = Moments.of(2);
        moments.add(rows, new int[640]);

        BigInteger one = BigInteger.valueOf(FixedPoint.of(0x1p27f));
        BigInteger two = BigInteger.valueOf(FixedPoint.of(-0x1.fffffep26f));
        BigInteger count = BigInteger.valueOf(640);
        assertThat(sum(moments.state(), "xx", 0)).isEqualTo(one.multiply(one).multiply(count));
        assertThat(sum(moments.state(), "xx", 1)).isEqualTo(one.multiply(two).multiply(count));
        assertThat(sum(moments.state(), "xx", 2)).isEqualTo(two.multiply(two).multiply(count));
    }

    @Test
    void shouldLeaveOutWordsThatFollowFromOthers() {
        Moments moments = Moments.of(3);
        assertThat(moments.state()).containsOnlyKeys("rows");

        moments.add(new float[][] {{1, -2, 3}}, new int[] {1});
        assertThat(moments.state()).containsOnlyKeys("rows", "xx", "x", "xy", "y", "yy");

        moments.add(new float[][] {{1 << 12, 0, 0}}, new int[] {1});
        assertThat(moments.state()).containsOnlyKeys("rows", "xx", "xx/high", "x", "xy", "y", "yy");
    }

    @Test
    void shouldRefuseWhatIsNotFiniteAndAddNothing() {
        Moments moments = Moments.of(2);
        float[][] good = {{1, 2}};
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> moments.add(new float[][] {{1, 2}, {bad, 0}}, new int[] {0, 1}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 1 of features must be finite, but holds " + bad);
            assertThatThrownBy(() -> moments.add(good, new float[][] {{bad}}))
                    .hasMessageContaining("row 0 of targets must be finite");
        }
        assertThat(bytes(moments)).isEqualTo(bytes(Moments.of(2)));
    }

    @Test
    void shouldSayWhatDoesNotFit() {
        Moments moments = Moments.of(2);
        float[][] row = {{1, 2}};
        assertThatThrownBy(() -> moments.add(new float[][] {{1}}, new int[] {0}))
                .hasMessageContaining("row 0 of features must have 2 values, but has 1");
        assertThatThrownBy(() -> moments.add(row, new int[] {0, 1})).hasMessageContaining("need as many targets");
        assertThatThrownBy(() -> moments.add(row, new int[] {-1})).hasMessageContaining("class from 0, but has -1");
        assertThatThrownBy(() -> moments.remove(row, new int[] {0})).hasMessageContaining("cannot lose 1");
        assertThatThrownBy(() -> moments.addAll(Moments.of(3))).hasMessageContaining("2 features");
        assertThatThrownBy(() -> Moments.of(0)).hasMessageContaining("at least 1 feature");
        assertThatThrownBy(() -> Moments.restore(2, Map.of())).hasMessageContaining("must hold 'rows'");
        moments.add(row, new int[] {0});
        assertThatThrownBy(() -> Moments.restore(3, moments.state())).hasMessageContaining("must be 6 64-bit integers");
    }

    static byte[] bytes(Moments moments) {
        return Safetensors.write(moments.state(), Map.of());
    }

    private static BigInteger sum(Map<String, Tensor> state, String name, int at) {
        if (!(state.get(name) instanceof Tensor.I64 low)) {
            return BigInteger.ZERO;
        }
        if (!(state.get(name + "/high") instanceof Tensor.I64 high)) {
            return BigInteger.valueOf(low.values()[at]);
        }
        return BigInteger.valueOf(high.values()[at])
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(low.values()[at])));
    }

    private static BigInteger sum(float[][] values, int column) {
        BigInteger sum = BigInteger.ZERO;
        for (float[] row : values) {
            sum = sum.add(integer(row[column]));
        }
        return sum;
    }

    private static BigInteger sum(float[][] left, int i, float[][] right, int j) {
        BigInteger sum = BigInteger.ZERO;
        for (int row = 0; row < left.length; row++) {
            sum = sum.add(integer(left[row][i]).multiply(integer(right[row][j])));
        }
        return sum;
    }

    /** Rounds to a multiple of 2^-20 by another way than the code under test. */
    private static BigInteger integer(float value) {
        return new BigDecimal(value)
                .multiply(BigDecimal.valueOf(1 << 20))
                .setScale(0, java.math.RoundingMode.HALF_EVEN)
                .toBigIntegerExact();
    }

    /** Rows whose features differ in size by many orders of magnitude. */
    record Rows(float[][] features, float[][] targets) {
        static Rows random(int count, int width, int outputs, Random random) {
            float[][] features = new float[count][width];
            float[][] targets = new float[count][outputs];
            double scale = Math.scalb(1.0, random.nextInt(36) - 12);
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < width; j++) {
                    features[i][j] = (float) (scale * random.nextGaussian());
                }
                for (int j = 0; j < outputs; j++) {
                    targets[i][j] = random.nextBoolean() ? 0 : (float) (scale * random.nextGaussian());
                }
            }
            return new Rows(features, targets);
        }

        Rows select(List<Integer> rows) {
            return new Rows(
                    rows.stream().map(row -> features[row]).toArray(float[][]::new),
                    rows.stream().map(row -> targets[row]).toArray(float[][]::new));
        }
    }
}
