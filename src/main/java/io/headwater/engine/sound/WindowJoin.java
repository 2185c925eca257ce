package io.headwater.engine.sound;

import java.util.List;

/** Joins the features of a sound's windows into one row. */
interface WindowJoin {

    /** Returns its canonical text form. */
    String text();

    /** Returns the number of features per vector, given the number of features of a window. */
    int width(int ofWindow);

    /**
     * Returns the features of a sound.
     *
     * @param rows the features of its windows, at least one
     * @param starts the first frame of each window
     * @param real the number of frames of the sound without padding
     */
    float[] vector(List<float[]> rows, int[] starts, double real);
}
