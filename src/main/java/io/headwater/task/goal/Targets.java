package io.headwater.task.goal;

/** Checks that a target fits the logits. They fail when a head is trained on targets of another task. */
final class Targets {
    private Targets() {}

    /**
     * The number of rows.
     *
     * @throws IllegalArgumentException when the logits are not whole rows, or none
     */
    static int rows(int values, int outputs) {
        if (values == 0 || values % outputs != 0) {
            throw new IllegalArgumentException("logits must be whole rows of " + outputs + ", at least one, but are "
                    + values + " values; give all of a sample's");
        }
        return values / outputs;
    }

    /**
     * Checks that the logits are one row.
     *
     * @throws IllegalArgumentException when there are more or fewer
     */
    static void oneRow(int values, int outputs) {
        if (values != outputs) {
            throw new IllegalArgumentException("logits must be one row of " + outputs + ", but are " + values
                    + " values; pool the features of a sample");
        }
    }

    /**
     * Checks the number of values of a target.
     *
     * @throws IllegalArgumentException when it has another
     */
    static void size(float[] target, int size) {
        if (target.length != size) {
            throw new IllegalArgumentException("target must have " + size + " values, but has " + target.length
                    + "; code it as this head's task does");
        }
    }

    /**
     * The whole number that {@code value} is.
     *
     * @throws IllegalArgumentException when it is none from {@code least} to below {@code bound}
     */
    static int index(float value, int least, int bound) {
        int index = (int) value;
        if (index != value || index < least || index >= bound) {
            throw new IllegalArgumentException("target must hold whole numbers from " + least + " to " + (bound - 1)
                    + ", but holds " + value + "; code it as this head's task does");
        }
        return index;
    }

    /**
     * Checks the range of a label smoothing.
     *
     * @throws IllegalArgumentException when it is not from 0 to below 1
     */
    static void smoothing(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "label smoothing must be from 0 to below 1, but is " + share + "; 0 is none and 0.1 is common");
        }
    }
}
