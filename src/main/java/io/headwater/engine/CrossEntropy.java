package io.headwater.engine;

/**
 * The mean over the rows of weight × cross-entropy of softmax, and its gradient by the logits: weight × (probability −
 * target) / rows, in double precision.
 *
 * @param loss summed over the rows given, divided by all rows
 * @param gradient by each logit, row-major
 */
record CrossEntropy(double loss, float[] gradient) {

    /**
     * Loss and gradient of some rows of a step.
     *
     * @param logits row-major
     * @param targets probabilities of each class for each of these rows
     * @param weights of these rows
     * @param rows of the whole step
     */
    static CrossEntropy of(float[] logits, float[][] targets, float[] weights, int rows) {
        float[] gradient = new float[logits.length];
        double loss = 0;
        for (int row = 0; row < targets.length; row++) {
            int classes = targets[row].length;
            double[] probabilities = softmax(logits, row * classes, classes);
            for (int i = 0; i < classes; i++) {
                double share = weights[row] / (double) rows;
                if (targets[row][i] > 0) {
                    loss -= share * targets[row][i] * StrictMath.log(Math.max(probabilities[i], Double.MIN_NORMAL));
                }
                gradient[row * classes + i] = (float) (share * (probabilities[i] - targets[row][i]));
            }
        }
        return new CrossEntropy(loss, gradient);
    }

    /** The probabilities of {@code classes} logits from {@code from} on. */
    static double[] softmax(float[] logits, int from, int classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < classes; i++) {
            largest = Math.max(largest, logits[from + i]);
        }
        double[] probabilities = new double[classes];
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            probabilities[i] = StrictMath.exp(logits[from + i] - largest);
            sum += probabilities[i];
        }
        for (int i = 0; i < classes; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }
}
