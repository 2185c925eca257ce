package io.headwater.engine.family;

/** Checks that the sizes of a model are in their ranges. */
final class Sizes {
    private Sizes() {}

    /** Returns {@code value} if it is in its range, and throws otherwise. */
    static int check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + ", but is " + value + "; choose another");
        }
        return value;
    }
}
