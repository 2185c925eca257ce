package io.headwater.task.goal;

import io.headwater.engine.Objective;
import io.headwater.engine.Softmax;
import java.util.Arrays;

/**
 * The loss of connectionist temporal classification (CTC): a sequence of symbols whose positions in time are not known. The
 * loss is the negative logarithm of the summed probability of all alignments of the target with the frames (Graves et al.
 * 2006, "Connectionist Temporal Classification", sections 4.1 and 4.2), computed by the forward-backward algorithm on
 * logarithms. Output 0 is the blank symbol. The target contains indices of symbols, from 1 to below the number of outputs;
 * an empty target is silence. The loss is that of the whole sample and is not divided by its length.
 */
record CtcObjective() implements Objective {
    /** The output of the blank symbol. */
    static final int BLANK = 0;

    /** The smallest number of frames for {@code target}: one for each symbol, and a blank between equal symbols in a row. */
    static int framesNeeded(float[] target) {
        int needed = target.length;
        for (int i = 1; i < target.length; i++) {
            needed += target[i] == target[i - 1] ? 1 : 0;
        }
        return needed;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when there are fewer frames than {@link #framesNeeded}
     */
    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        int frames = Targets.rows(logits.length, outputs);
        int needed = framesNeeded(target);
        if (frames < needed) {
            throw new IllegalArgumentException("a target of " + target.length + " symbols needs " + needed
                    + " frames, but there are " + frames + "; reject it beforehand");
        }
        int[] path = path(target, outputs);
        double[][] logs = new double[frames][];
        for (int t = 0; t < frames; t++) {
            logs[t] = Softmax.ofRow(logits, t * outputs, outputs).logProbabilities();
        }
        double[][] before = forward(logs, path);
        double[][] after = backward(logs, path);
        for (int t = 0; t < frames; t++) {
            double[] occupied = occupied(before[t], after[t], path, outputs);
            for (int i = 0; i < outputs; i++) {
                gradient[t * outputs + i] = StrictMath.exp(logs[t][i]) - occupied[i];
            }
        }
        double[] last = before[frames - 1];
        return -LogSum.of(last[path.length - 1], path.length > 1 ? last[path.length - 2] : Double.NEGATIVE_INFINITY);
    }

    /** The symbols of the target with a blank before, between and after them. */
    private static int[] path(float[] target, int outputs) {
        int[] path = new int[2 * target.length + 1];
        for (int i = 0; i < target.length; i++) {
            path[2 * i + 1] = Targets.index(target[i], BLANK + 1, outputs);
        }
        return path;
    }

    /** Whether an alignment may skip the blank before {@code place}, which is so between symbols that differ. */
    private static boolean skips(int[] path, int place) {
        return place >= 2 && path[place] != BLANK && path[place] != path[place - 2];
    }

    /** By frame and place: the log probability of all alignments up to there, including the symbol of the frame. */
    private static double[][] forward(double[][] logs, int[] path) {
        double[][] before = lattice(logs.length, path.length);
        before[0][0] = logs[0][BLANK];
        if (path.length > 1) {
            before[0][1] = logs[0][path[1]];
        }
        for (int t = 1; t < logs.length; t++) {
            double[] earlier = before[t - 1];
            for (int s = 0; s < path.length; s++) {
                double sum = earlier[s];
                sum = s >= 1 ? LogSum.of(sum, earlier[s - 1]) : sum;
                sum = skips(path, s) ? LogSum.of(sum, earlier[s - 2]) : sum;
                before[t][s] = sum + logs[t][path[s]];
            }
        }
        return before;
    }

    /** By frame and place: the log probability of all alignments from there on, without the symbol of the frame. */
    private static double[][] backward(double[][] logs, int[] path) {
        double[][] after = lattice(logs.length, path.length);
        int end = path.length - 1;
        after[logs.length - 1][end] = 0;
        if (end > 0) {
            after[logs.length - 1][end - 1] = 0;
        }
        for (int t = logs.length - 2; t >= 0; t--) {
            double[] later = after[t + 1];
            double[] predicted = logs[t + 1];
            for (int s = 0; s < path.length; s++) {
                double sum = later[s] + predicted[path[s]];
                sum = s < end ? LogSum.of(sum, later[s + 1] + predicted[path[s + 1]]) : sum;
                sum = s + 2 <= end && skips(path, s + 2) ? LogSum.of(sum, later[s + 2] + predicted[path[s + 2]]) : sum;
                after[t][s] = sum;
            }
        }
        return after;
    }

    /** The posterior probability of each output in a frame, over all alignments. */
    private static double[] occupied(double[] before, double[] after, int[] path, int outputs) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < path.length; s++) {
            largest = Math.max(largest, before[s] + after[s]);
        }
        double[] occupied = new double[outputs];
        double sum = 0;
        for (int s = 0; s < path.length; s++) {
            double weight = StrictMath.exp(before[s] + after[s] - largest);
            occupied[path[s]] += weight;
            sum += weight;
        }
        // The sum is the whole probability in every frame. Dividing by this frame's own keeps rounding out.
        for (int i = 0; i < outputs; i++) {
            occupied[i] /= sum;
        }
        return occupied;
    }

    private static double[][] lattice(int frames, int places) {
        double[][] lattice = new double[frames][places];
        for (double[] row : lattice) {
            Arrays.fill(row, Double.NEGATIVE_INFINITY);
        }
        return lattice;
    }
}
