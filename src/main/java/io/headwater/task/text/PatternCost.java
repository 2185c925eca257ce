package io.headwater.task.text;

import java.util.List;

/**
 * An upper bound of the work of a backtracking matcher on a part of a pattern, for a text of n characters. The numbers are
 * polynomials in n, in which all powers above n² count as n².
 *
 * @param ways in how many ways the part can match at one place; the matcher tries another when what follows fails
 * @param work how often it tries a way of one of its parts, when what follows never fails
 * @param retried how often it does when what follows always fails
 * @param isNullable whether it matches the empty text wherever it cannot match more, and so never fails
 */
record PatternCost(double[] ways, double[] work, double[] retried, boolean isNullable) {
    /** The empty pattern. */
    static final PatternCost EMPTY = new PatternCost(of(1), of(0), of(0), true);
    /** One character, or an assertion about a place. */
    static final PatternCost ONE = new PatternCost(of(1), of(1), of(1), false);

    private static final int POWERS = 3;

    private static double[] of(double constant) {
        return new double[] {constant, 0, 0};
    }

    /** The cost of one of two parts. */
    PatternCost or(PatternCost other) {
        return new PatternCost(
                sum(ways, other.ways),
                sum(work, other.work),
                sum(retried, other.retried),
                isNullable || other.isNullable);
    }

    /** The cost of a part that the matcher does not return into, such as an atomic group. */
    PatternCost once() {
        return new PatternCost(of(1), work, work, isNullable);
    }

    /** The cost of an assertion that looks for this part before or behind a place. */
    PatternCost looked() {
        double[] total = sum(work, of(1));
        return new PatternCost(of(1), total, total, false);
    }

    /**
     * The cost of repetitions.
     *
     * @param most negative for any number
     * @throws IllegalArgumentException when the number of ways grows exponentially
     */
    PatternCost repeated(int least, int most) {
        if (most < 0) {
            boolean isOneWay = ways[0] == 1 && ways[1] == 0 && ways[2] == 0;
            if (!isOneWay || isNullable) {
                throw new IllegalArgumentException(
                        "repeats without a limit what can match in several ways, for which a text of a few dozen characters can take years");
            }
            // The repetitions themselves are not counted, because each consumes a character.
            double[] last = sum(retried, of(1));
            return new PatternCost(new double[] {1, 1, 0}, last, last, least == 0);
        }
        double[] total = of(0);
        double[] power = of(1);
        for (int i = 0; i <= most; i++) {
            total = i >= least ? sum(total, power) : total;
            power = product(power, ways);
        }
        double[] all = product(of(Math.max(1, most)), product(retried, total));
        return new PatternCost(total, most <= 1 ? sum(work, of(1)) : all, all, least == 0 || isNullable);
    }

    /** The cost of parts in a row. */
    static PatternCost sequence(List<PatternCost> parts) {
        int last = parts.size() - 1;
        while (last >= 0 && parts.get(last).isNullable) {
            last--;
        }
        double[] ways = of(1);
        double[] work = of(0);
        double[] retried = of(0);
        for (int i = 0; i < parts.size(); i++) {
            PatternCost part = parts.get(i);
            // Up to the last part that can fail, the matcher returns to all ways of the parts before it.
            double[] tried = i >= last ? part.work : part.retried;
            work = sum(work, i > last ? tried : product(ways, tried));
            retried = sum(retried, product(ways, part.retried));
            ways = product(ways, part.ways);
        }
        return new PatternCost(ways, work, retried, last < 0);
    }

    /** The highest power of n in the work. */
    int degree() {
        return work[2] > 0 ? 2 : work[1] > 0 ? 1 : 0;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[POWERS];
        for (int i = 0; i < POWERS; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[POWERS];
        for (int i = 0; i < POWERS; i++) {
            for (int j = 0; j < POWERS; j++) {
                // Infinity times zero is no number.
                if (a[i] > 0 && b[j] > 0) {
                    product[Math.min(POWERS - 1, i + j)] += a[i] * b[j];
                }
            }
        }
        return product;
    }
}
