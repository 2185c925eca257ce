package io.headwater.engine.closed;

/**
 * Predicts the classes of rows from those of their neighbours: each row takes a part of what its neighbours say, of which some
 * have a class and the others ask theirs (Zhou, Bousquet, Lal, Weston and Schölkopf 2004, "Learning with Local and Global
 * Consistency"; rows with a class keep it, as in Zhu, Ghahramani and Lafferty 2003, "Semi-Supervised Learning Using Gaussian Fields
 * and Harmonic Functions"; all classes have the same mass in the end, as there). The likeness of two rows is the cosine of
 * their angle where the covariance within classes is the unit matrix.
 *
 * <p>It takes about {@code (n + m) * width} values of memory and {@code n * (n + m) * width} multiply-adds for n rows and m with a
 * class. Equal rows in an equal order give equal results.
 *
 * @param classes the class of each row
 * @param margins the difference of the shares of the two most probable classes, 0 to 1; 0 for a row that is like no other
 */
public record Propagation(int[] classes, double[] margins) {
    /** Neighbours that a row asks; others may ask it besides. */
    private static final int NEIGHBOURS = 10;

    /** The part of what neighbours without a class say that is taken over. */
    private static final double TRUST = 0.9;

    /** What is left out after so many rounds is a 25th. */
    private static final int ROUNDS = 30;

    /**
     * Returns the predictions.
     *
     * @param moments moments of all rows with a class
     * @param labelled some of these rows, at least one
     * @param labels their classes, each below {@code outputs}
     * @param rows rows without a class
     */
    public static Propagation of(
            CentredMoments moments, float[][] labelled, int[] labels, float[][] rows, int outputs) {
        int width = moments.width();
        ClassScatter scatter = ClassScatter.of(moments);
        ShrunkCovariance covariance =
                ShrunkCovariance.of(scatter.within(), width, scatter.freedom(), scatter.variance());
        double[] asked = new double[(labelled.length + rows.length) * width];
        for (int i = 0; i < labelled.length; i++) {
            centre(moments, labelled[i], asked, i);
        }
        for (int i = 0; i < rows.length; i++) {
            centre(moments, rows[i], asked, labelled.length + i);
        }
        double[] white = covariance.solve(asked, labelled.length + rows.length);
        for (int i = 0; i < labelled.length + rows.length; i++) {
            double length = Math.sqrt(Math.max(Double.MIN_NORMAL, product(asked, i, white, i, width)));
            for (int j = i * width; j < (i + 1) * width; j++) {
                asked[j] /= length;
                white[j] /= length;
            }
        }
        double[][] said = new double[rows.length][outputs];
        double[][] likeness = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            ask(i, asked, white, width, labels, said[i], likeness[i]);
        }
        return predicted(spread(likeness, said), outputs);
    }

    private static void centre(CentredMoments moments, float[] row, double[] into, int place) {
        int width = moments.width();
        for (int i = 0; i < width; i++) {
            into[place * width + i] = (row[i] - moments.mean()[i]) * moments.scale()[i];
        }
    }

    private static double product(double[] a, int row, double[] b, int other, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += a[row * width + i] * b[other * width + i];
        }
        return sum;
    }

    /** Adds what the nearest rows with a class say to {@code said}, and the likeness of the nearest others to {@code likeness}. */
    private static void ask(
            int row, double[] asked, double[] white, int width, int[] labels, double[] said, double[] likeness) {
        int all = asked.length / width;
        int own = labels.length + row;
        double[] cosines = new double[NEIGHBOURS];
        int[] nearest = new int[NEIGHBOURS];
        int found = 0;
        for (int other = 0; other < all; other++) {
            double cosine = other == own ? 0 : product(asked, own, white, other, width);
            if (cosine <= 0 || (found == NEIGHBOURS && cosine <= cosines[NEIGHBOURS - 1])) {
                continue;
            }
            int at = found < NEIGHBOURS ? found++ : NEIGHBOURS - 1;
            for (; at > 0 && cosines[at - 1] < cosine; at--) {
                cosines[at] = cosines[at - 1];
                nearest[at] = nearest[at - 1];
            }
            cosines[at] = cosine;
            nearest[at] = other;
        }
        for (int i = 0; i < found; i++) {
            double weight = cosines[i] * cosines[i] * cosines[i];
            if (nearest[i] < labels.length) {
                said[labels[nearest[i]]] += weight;
            } else {
                likeness[nearest[i] - labels.length] = weight;
            }
        }
    }

    private static double[][] spread(double[][] likeness, double[][] said) {
        int rows = said.length;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < i; j++) {
                double both = Math.max(likeness[i][j], likeness[j][i]);
                likeness[i][j] = both;
                likeness[j][i] = both;
            }
        }
        for (int i = 0; i < rows; i++) {
            double sum = sum(likeness[i]) + sum(said[i]);
            if (sum > 0) {
                divide(likeness[i], sum);
                divide(said[i], sum);
            }
        }
        double[][] shares = said;
        for (int round = 0; round < ROUNDS; round++) {
            double[][] next = new double[rows][];
            for (int i = 0; i < rows; i++) {
                next[i] = said[i].clone();
                for (int j = 0; j < rows; j++) {
                    if (likeness[i][j] > 0) {
                        for (int output = 0; output < next[i].length; output++) {
                            next[i][output] += TRUST * likeness[i][j] * shares[j][output];
                        }
                    }
                }
            }
            shares = next;
        }
        return shares;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static void divide(double[] values, double by) {
        for (int i = 0; i < values.length; i++) {
            values[i] /= by;
        }
    }

    private static Propagation predicted(double[][] shares, int outputs) {
        double[] mass = new double[outputs];
        for (double[] row : shares) {
            for (int output = 0; output < outputs; output++) {
                mass[output] += row[output];
            }
        }
        int[] classes = new int[shares.length];
        double[] margins = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            double best = -1;
            double second = 0;
            double all = 0;
            for (int output = 0; output < outputs; output++) {
                double share = mass[output] > 0 ? shares[i][output] / mass[output] : 0;
                all += share;
                if (share > best) {
                    second = Math.max(0, best);
                    best = share;
                    classes[i] = output;
                } else {
                    second = Math.max(second, share);
                }
            }
            margins[i] = all > 0 ? (best - second) / all : 0;
        }
        return new Propagation(classes, margins);
    }
}
