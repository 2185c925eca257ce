package io.headwater.engine.closed;

import io.headwater.engine.weights.Tensor;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signed integers of 128 bits that are added to, each as two words in two's complement. The largest product of two
 * integers of {@link FixedPoint} is 2^94, so that the sum of over 10^10 of them fits.
 */
final class Sums {
    private static final String HIGH = "/high";

    private long[] low;
    private long[] high;

    /** Creates {@code size} sums of 0. */
    Sums(int size) {
        this(new long[size], new long[size]);
    }

    private Sums(long[] low, long[] high) {
        this.low = low;
        this.high = high;
    }

    int size() {
        return low.length;
    }

    Sums copy() {
        return new Sums(low.clone(), high.clone());
    }

    /** Appends sums of 0. */
    void grow(int size) {
        if (size > low.length) {
            low = Arrays.copyOf(low, size);
            high = Arrays.copyOf(high, size);
        }
    }

    /**
     * Returns the same sums in another order.
     *
     * @param places the new place of each block of sums; blocks without a place must be 0, and are left out
     * @param block number of sums of a block
     */
    Sums placed(int[] places, int block) {
        Sums placed = new Sums(Math.multiplyExact(
                Arrays.stream(places).map(place -> place + 1).max().orElse(0), block));
        for (int i = 0; i < places.length && i * block < size(); i++) {
            System.arraycopy(low, i * block, placed.low, places[i] * block, block);
            System.arraycopy(high, i * block, placed.high, places[i] * block, block);
        }
        return placed;
    }

    /** Adds a block of sums to another block, and sets it to 0. */
    void move(int from, int to, int block) {
        for (int i = 0; i < block; i++) {
            add(to + i, high[from + i], low[from + i]);
            high[from + i] = 0;
            low[from + i] = 0;
        }
    }

    void add(int at, long value) {
        add(at, value >> 63, value);
    }

    void addProduct(int at, long a, long b) {
        add(at, Math.multiplyHigh(a, b), a * b);
    }

    /**
     * Adds the upper triangle of a matrix of integers, row by row.
     *
     * @param square the matrix, of {@code width} rows and columns
     * @param shift the bits by which its integers are shifted to the left, less than 64
     * @param sign 1, or -1 to subtract
     */
    void addTriangle(DoubleBuffer square, int width, int shift, int sign) {
        double[] values = new double[width];
        int at = 0;
        for (int row = 0; row < width; row++) {
            int count = width - row;
            square.get(row * width + row, values, 0, count);
            addRow(at, values, count, shift, sign);
            at += count;
        }
    }

    /** Adds integers to sums that follow each other; loops of this form are compiled to fast code. */
    private void addRow(int from, double[] values, int count, int shift, int sign) {
        long[] lowWords = low;
        long[] highWords = high;
        for (int i = 0; i < count; i++) {
            long value = (long) values[i] * sign;
            long valueLow = value << shift;
            long before = lowWords[from + i];
            long sum = before + valueLow;
            highWords[from + i] += (value >> 1 >> (63 - shift)) + carry(before, valueLow, sum);
            lowWords[from + i] = sum;
        }
    }

    private void add(int at, long valueHigh, long valueLow) {
        long before = low[at];
        long sum = before + valueLow;
        high[at] += valueHigh + carry(before, valueLow, sum);
        low[at] = sum;
    }

    /** Returns 1 if the sum of two unsigned words does not fit in one, and otherwise 0; without a branch. */
    private static long carry(long a, long b, long sum) {
        return ((a & b) | ((a | b) & ~sum)) >>> 63;
    }

    /** Adds sums of at most the same number. */
    void addAll(Sums other) {
        for (int i = 0; i < other.low.length; i++) {
            add(i, other.high[i], other.low[i]);
        }
    }

    /** Subtracts sums of at most the same number. */
    void subtractAll(Sums other) {
        for (int i = 0; i < other.low.length; i++) {
            long borrow = Long.compareUnsigned(low[i], other.low[i]) < 0 ? 1 : 0;
            low[i] -= other.low[i];
            high[i] -= other.high[i] + borrow;
        }
    }

    /** The sum to within two units of the last place of a double. */
    double toDouble(int at) {
        return toDouble(high[at], low[at]);
    }

    private static double toDouble(long high, long low) {
        if (high == low >> 63) {
            return low;
        }
        if (high >= 0) {
            return magnitude(high, low);
        }
        return -magnitude(low == 0 ? -high : ~high, -low);
    }

    private static double magnitude(long high, long low) {
        return high * 0x1p64 + (low >>> 1) * 2.0 + (low & 1);
    }

    /** Returns the integer nearest to the sum divided by {@code count}, or one beside it. */
    long mean(int at, long count) {
        return (long) Math.rint(toDouble(at) / count);
    }

    /** Returns what remains of the sum after {@code count * mean} is subtracted. It must have 63 bits. */
    long remainder(int at, long count, long mean) {
        return low[at] - count * mean;
    }

    /**
     * Computes sums of products {@code a b} of one {@code a} and several {@code b}, from which the sums of
     * {@code (a - meanA) (b - meanB)} are computed without rounding: {@code sum - meanA * sumB - remainderA * meanB}.
     *
     * @param at where the sum for the first {@code b} is; those for the others follow
     * @param sums where the sums of the {@code b} are
     * @param means their means
     * @param first the first {@code b}
     * @param centred is set from {@code row + first} on
     */
    void centre(int at, long meanA, long remainderA, Sums sums, long[] means, int first, double[] centred, int row) {
        for (int b = first; b < means.length; b++) {
            centred[row + b] = centred(at + b - first, meanA, remainderA, sums, b, means[b]);
        }
    }

    /** Computes one sum as {@link #centre} does. */
    double centred(int at, long meanA, long remainderA, Sums sums, int b, long meanB) {
        long factor = sums.low[b];
        long factorHigh = sums.high[b] - (factor >> 63); // the high word, if the low one is read as a signed integer
        long productLow = meanA * factor;
        long productHigh = Math.multiplyHigh(meanA, factor) + meanA * factorHigh;
        long differenceLow = low[at] - productLow;
        long resultHigh = high[at] - productHigh - borrow(low[at], productLow, differenceLow);
        productLow = remainderA * meanB;
        long resultLow = differenceLow - productLow;
        resultHigh -= Math.multiplyHigh(remainderA, meanB) + borrow(differenceLow, productLow, resultLow);
        return toDouble(resultHigh, resultLow);
    }

    /** Returns 1 if the unsigned {@code a} is less than {@code b}, and otherwise 0; without a branch. */
    private static long borrow(long a, long b, long difference) {
        return ((~a & b) | ((~a | b) & difference)) >>> 63;
    }

    /** Returns one more than the place of the last sum that is not 0. */
    int used() {
        int used = low.length;
        while (used > 0 && low[used - 1] == 0 && high[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /**
     * Writes the first sums as the tensor {@code name} of their low words and, if any of them needs it, the tensor
     * {@code name/high} of their high words. Writes nothing if all sums are 0.
     *
     * @param shape the shape, whose size is the number of sums to write
     */
    void write(String name, int[] shape, Map<String, Tensor> state) {
        int used = used();
        if (used == 0) {
            return;
        }
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        state.put(name, new Tensor.I64(shape, Arrays.copyOf(low, size)));
        for (int i = 0; i < used; i++) {
            if (high[i] != low[i] >> 63) {
                state.put(name + HIGH, new Tensor.I64(shape, Arrays.copyOf(high, size)));
                return;
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException when the tensors have another type or size
     */
    static Sums read(String name, int size, Map<String, ? extends Tensor> state) {
        long[] low = words(name, size, state);
        if (low == null) {
            return new Sums(size);
        }
        long[] high = words(name + HIGH, size, state);
        if (high == null) {
            high = new long[size];
            for (int i = 0; i < size; i++) {
                high[i] = low[i] >> 63;
            }
        }
        return new Sums(low, high);
    }

    private static long @Nullable [] words(String name, int size, Map<String, ? extends Tensor> state) {
        Tensor tensor = state.get(name);
        if (tensor == null) {
            return null;
        }
        if (tensor instanceof Tensor.I64 longs && longs.values().length == size) {
            return longs.values().clone();
        }
        throw new IllegalArgumentException("sums '" + name + "' must be " + size + " 64-bit integers, but have shape "
                + Arrays.toString(tensor.shape()) + "; they are not the state of moments of this width");
    }
}
