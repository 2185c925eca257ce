package io.headwater.engine.family;

/** Holds the sizes of a model to their ranges. */
final class Sizes {
    private Sizes() {}

    /** Returns {@code value} when it is in its range. */
    static int check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + ", but is " + value + "; choose another");
        }
        return value;
    }
}
