package io.headwater.standalone.play;

import java.util.List;

/**
 * An environment in which an actor acts step by step. The same seed and the same actions give the same numbers on
 * every platform.
 */
public interface Environment {

    /** Returns the name of the environment on the command line. */
    String name();

    /** Returns the names of the actions, in the order of their indices. */
    List<String> actions();

    /** Returns the number of values in an observation. */
    int width();

    /** Begins an episode whose initial state depends only on {@code seed}, and returns the first observation. */
    float[] reset(long seed);

    /**
     * Performs an action. An episode must have begun and not ended.
     *
     * @param action index of one of {@link #actions}
     */
    Step step(int action);

    /**
     * The outcome of an action.
     *
     * @param observation the observation after the action
     * @param reward reward of the step
     * @param terminal whether the episode has ended in a terminal state
     * @param truncated whether the episode ends here only because it has reached its maximum length
     */
    record Step(float[] observation, double reward, boolean terminal, boolean truncated) {
        /** Returns whether the episode has ended. */
        public boolean isLast() {
            return terminal || truncated;
        }
    }
}
