package io.headwater.standalone.play;

import java.util.List;

/** A world in which an actor acts step by step. The same seed and the same actions give the same numbers everywhere. */
public interface Environment {

    /** Its name on the command line. */
    String name();

    /** The names of what can be done, in the order of their indices. */
    List<String> actions();

    /** How many numbers an observation has. */
    int width();

    /** Begins an episode that depends on {@code seed} alone; what is seen first. */
    float[] reset(long seed);

    /**
     * Acts; an episode must have begun and not ended.
     *
     * @param action index of one of {@link #actions}
     */
    Step step(int action);

    /**
     * What came of an action.
     *
     * @param observation what is seen now
     * @param reward of the step
     * @param terminal whether nothing can come after
     * @param truncated whether the episode ends here only because it has lasted long enough
     */
    record Step(float[] observation, double reward, boolean terminal, boolean truncated) {
        /** Whether the episode is over. */
        public boolean isLast() {
            return terminal || truncated;
        }
    }
}
