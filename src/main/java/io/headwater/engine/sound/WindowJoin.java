package io.headwater.engine.sound;

import java.util.List;

/** Makes one row of features of those of a sound's windows. */
interface WindowJoin {

    /** Its one form as text. */
    String text();

    /** How many features become of those of a window. */
    int width(int ofWindow);

    /**
     * The features of a sound.
     *
     * @param rows of its windows, at least one
     * @param starts where each window begins, in the frames that a window consists of
     * @param real frames of the sound, without what was put behind it
     */
    float[] vector(List<float[]> rows, int[] starts, double real);
}
