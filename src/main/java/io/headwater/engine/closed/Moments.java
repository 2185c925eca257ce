package io.headwater.engine.closed;

import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * The sums over rows of features {@code x} and their targets {@code y} from which closed forms follow: the number of
 * rows and the sums of {@code x x'}, {@code x}, {@code x y'}, {@code y} and {@code y * y}.
 *
 * <p>The sums are exact: features and targets are rounded to multiples of 2^-20, about 1e-6, and saturated at
 * {@code ±2^27}, and all else is integer arithmetic. Therefore rows can be added in any order and in any division into
 * calls, moments of several streams can be merged, and rows can be removed again, and the state is the same to the bit
 * as if only the remaining rows had been added, in whatever order. Rows can be removed exactly from no other kind of
 * sum.
 *
 * <p>TargetRows are the numbers of regression, 0 and 1 for each label, or classes, each of which is the same as a target
 * with a 1 at its place. The number of outputs grows with the targets; an output that no row has mentioned is the same
 * as an output whose targets have all been 0.
 *
 * <p>Moments take {@code 8 * width * (width + 2 * outputs)} bytes. They are not thread-safe.
 */
public final class Moments {
    private final int width;
    private long rows;
    /** The upper triangle of the sum of {@code x x'}, row by row. */
    private final Sums xx;

    private final Sums x;
    /** The sum of {@code y x'}, [outputs, width]. */
    private final Sums xy;

    private final Sums y;
    private final Sums yy;
    /** What {@link #centred} returned last; null when rows have been added or removed since. */
    private @Nullable CentredMoments centred;

    private Moments(int width, long rows, Sums xx, Sums x, Sums xy, Sums y, Sums yy) {
        this.width = width;
        this.rows = rows;
        this.xx = xx;
        this.x = x;
        this.xy = xy;
        this.y = y;
        this.yy = yy;
    }

    /**
     * Returns the moments of no rows.
     *
     * @param width the number of features of a row, positive
     */
    public static Moments of(int width) {
        return new Moments(width, 0, new Sums(triangle(width)), new Sums(width), new Sums(0), new Sums(0), new Sums(0));
    }

    private static int triangle(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("moments need at least 1 feature, but got " + width);
        }
        return Math.toIntExact((long) width * (width + 1) / 2);
    }

    /** Returns the number of features of a row. */
    public int width() {
        return width;
    }

    /** Returns the number of rows. */
    public long rows() {
        return rows;
    }

    /** Returns whether there are no rows. */
    public boolean isEmpty() {
        return rows == 0;
    }

    /** Returns one more than the last output that has a target other than 0. */
    public int outputs() {
        return yy.used();
    }

    /**
     * Adds rows with their targets.
     *
     * @param features finite, [rows, width]
     * @param targets finite, one target per row; a target may be shorter than the number of outputs, and the rest is 0
     * @throws IllegalArgumentException when a row has another width or a value is not finite; nothing is added
     */
    public void add(float[][] features, float[][] targets) {
        accumulate(FeatureRows.of(features, width), TargetRows.of(targets, features.length), 1);
    }

    /**
     * Adds rows with their classes.
     *
     * @param features finite, [rows, width]
     * @param classes one class per row, from 0
     * @throws IllegalArgumentException when a row has another width or a value is not finite; nothing is added
     */
    public void add(float[][] features, int[] classes) {
        accumulate(FeatureRows.of(features, width), TargetRows.ofClasses(classes, features.length), 1);
    }

    /**
     * Removes rows that were added with the same targets. After this, the moments are those of the other rows alone.
     *
     * @throws IllegalArgumentException as {@link #add(float[][], float[][])}, or when there are fewer rows
     */
    public void remove(float[][] features, float[][] targets) {
        requireRows(features.length);
        accumulate(FeatureRows.of(features, width), TargetRows.of(targets, features.length), -1);
    }

    /**
     * Removes rows that were added with the same classes.
     *
     * @throws IllegalArgumentException as {@link #add(float[][], int[])}, or when there are fewer rows
     */
    public void remove(float[][] features, int[] classes) {
        requireRows(features.length);
        accumulate(FeatureRows.of(features, width), TargetRows.ofClasses(classes, features.length), -1);
    }

    /**
     * Adds all rows of {@code other}.
     *
     * @throws IllegalArgumentException when {@code other} has another width
     */
    public void addAll(Moments other) {
        requireWidth(other);
        centred = null;
        grow(other.y.size());
        rows = Math.addExact(rows, other.rows);
        xx.addAll(other.xx);
        x.addAll(other.x);
        xy.addAll(other.xy);
        y.addAll(other.y);
        yy.addAll(other.yy);
    }

    /**
     * Removes all rows of {@code other}, which were added before, in whatever way.
     *
     * @throws IllegalArgumentException when {@code other} has another width or more rows
     */
    public void subtractAll(Moments other) {
        requireWidth(other);
        requireRows(other.rows);
        centred = null;
        grow(other.y.size());
        rows -= other.rows;
        xx.subtractAll(other.xx);
        x.subtractAll(other.x);
        xy.subtractAll(other.xy);
        y.subtractAll(other.y);
        yy.subtractAll(other.yy);
    }

    /**
     * Returns moments of the same rows whose outputs have other places.
     *
     * @param places the new place of each output, all different; at least {@link #outputs()}
     * @throws IllegalArgumentException when an output with targets has no new place
     */
    public Moments placed(int[] places) {
        if (places.length < outputs()) {
            throw new IllegalArgumentException("moments of targets of " + outputs()
                    + " outputs need a place for each of them, but got " + places.length);
        }
        return new Moments(
                width, rows, xx.copy(), x.copy(), xy.placed(places, width), y.placed(places, 1), yy.placed(places, 1));
    }

    /**
     * Makes the rows of one class rows of another one, exactly as if they had been added as such. Only for classes, of which each
     * row has one.
     *
     * @param from the class, which has no rows then
     * @param to the class that they become
     */
    public void moveClass(int from, int to) {
        centred = null;
        grow(Math.max(from, to) + 1);
        xy.move(from * width, to * width, width);
        y.move(from, to, 1);
        yy.move(from, to, 1);
    }

    /** Returns the number of rows of a class. */
    public long rowsOf(int output) {
        return output < y.size() ? Math.round(y.toDouble(output) / FixedPoint.ONE) : 0;
    }

    /** Removes all rows. */
    public void clear() {
        subtractAll(copy());
    }

    /** Returns moments of the same rows that change independently. */
    public Moments copy() {
        return new Moments(width, rows, xx.copy(), x.copy(), xy.copy(), y.copy(), yy.copy());
    }

    /**
     * Returns the state, from which {@link #restore} continues exactly. Moments of the same rows have the same state,
     * whatever happened before: outputs at the end without targets, words of 64 bits that follow from others, and sums
     * that are all 0 are left out.
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>();
        int outputs = outputs();
        state.put("rows", new Tensor.I64(new int[] {2}, new long[] {rows, outputs}));
        xx.write("xx", new int[] {xx.size()}, state);
        x.write("x", new int[] {width}, state);
        xy.write("xy", new int[] {outputs, width}, state);
        y.write("y", new int[] {outputs}, state);
        yy.write("yy", new int[] {outputs}, state);
        return state;
    }

    /**
     * Restores moments from their state.
     *
     * @param width the number of features of a row, positive
     * @throws IllegalArgumentException when the state is not that of moments of this width
     */
    public static Moments restore(int width, Map<String, ? extends Tensor> state) {
        if (!(state.get("rows") instanceof Tensor.I64 sizes)
                || sizes.values().length != 2
                || sizes.values()[0] < 0
                || sizes.values()[1] < 0) {
            throw new IllegalArgumentException(
                    "the state of moments must hold 'rows', their number and that of outputs, but holds "
                            + state.keySet());
        }
        int outputs = Math.toIntExact(sizes.values()[1]);
        return new Moments(
                width,
                sizes.values()[0],
                Sums.read("xx", triangle(width), state),
                Sums.read("x", width, state),
                Sums.read("xy", Math.multiplyExact(outputs, width), state),
                Sums.read("y", outputs, state),
                Sums.read("yy", outputs, state));
    }

    /**
     * Returns the moments about the means, in double precision. They are computed once for all closed forms of the same
     * rows, and their arrays must not be changed.
     *
     * @param outputs the number of outputs of the output layer, positive, at least {@link #outputs()}
     * @throws IllegalArgumentException when there are fewer outputs than targets have, or none
     */
    public CentredMoments centred(int outputs) {
        if (outputs < Math.max(1, outputs())) {
            throw new IllegalArgumentException("an output layer for targets of " + outputs()
                    + " outputs needs at least as many, and at least 1, but got " + outputs);
        }
        CentredMoments known = centred;
        if (known == null || known.outputs() != outputs) {
            grow(outputs);
            known = CentredMoments.of(width, rows, outputs, xx, x, xy, y, yy);
            centred = known;
        }
        return known;
    }

    private void accumulate(FeatureRows features, TargetRows targets, int sign) {
        centred = null;
        grow(targets.outputs());
        rows = Math.addExact(rows, (long) sign * features.count());
        addSquares(features, sign);
        for (int row = 0; row < features.count(); row++) {
            for (int i = 0; i < width; i++) {
                x.add(i, sign * features.at(row, i));
            }
            for (int i = 0; i < targets.places()[row].length; i++) {
                addTarget(features, row, targets.places()[row][i], targets.values()[row][i], sign);
            }
        }
    }

    /** Adds {@code x x'} of each row by products of matrices of limbs, each of which is exact. */
    private void addSquares(FeatureRows features, int sign) {
        try (DoublePointer square = new DoublePointer((long) width * width)) {
            for (int from = 0; from < features.count(); from += FixedPoint.EXACT_ROWS) {
                int to = Math.min(features.count(), from + FixedPoint.EXACT_ROWS);
                try (DoublePointer low = new DoublePointer(features.low(from, to))) {
                    LinearAlgebra.crossProduct(low, to - from, width, square);
                    xx.addTriangle(square.asBuffer(), width, 0, sign);
                    if (features.isWide(from, to)) {
                        addHighLimbs(features, from, to, low, square, sign);
                    }
                }
            }
        }
    }

    private void addHighLimbs(
            FeatureRows features, int from, int to, DoublePointer low, DoublePointer square, int sign) {
        try (DoublePointer high = new DoublePointer(features.high(from, to))) {
            LinearAlgebra.crossProduct(low, high, to - from, width, square);
            xx.addTriangle(square.asBuffer(), width, FixedPoint.LIMB_BITS, sign);
            LinearAlgebra.crossProduct(high, to - from, width, square);
            xx.addTriangle(square.asBuffer(), width, 2 * FixedPoint.LIMB_BITS, sign);
        }
    }

    private void addTarget(FeatureRows features, int row, int output, long target, int sign) {
        y.add(output, sign * target);
        yy.addProduct(output, sign * target, target);
        for (int i = 0; i < width; i++) {
            xy.addProduct(output * width + i, features.at(row, i), sign * target);
        }
    }

    private void grow(int outputs) {
        xy.grow(Math.multiplyExact(outputs, width));
        y.grow(outputs);
        yy.grow(outputs);
    }

    private void requireWidth(Moments other) {
        if (other.width != width) {
            throw new IllegalArgumentException(
                    "moments of " + width + " features cannot be joined with moments of " + other.width);
        }
    }

    private void requireRows(long removed) {
        if (removed > rows) {
            throw new IllegalArgumentException(
                    "moments of " + rows + " rows cannot lose " + removed + "; remove only rows that were added");
        }
    }
}
