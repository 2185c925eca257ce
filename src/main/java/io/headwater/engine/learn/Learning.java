package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a head's parameters learn from gradients, whatever library computes these: the optimiser, and the phases that say which
 * groups of parameters it moves. Not safe for use by several threads; same state, same gradients: same bits.
 */
public final class Learning implements AutoCloseable {
    private final Optimiser optimiser;
    private final Phases phases;

    private Learning(Optimiser optimiser, Phases phases) {
        this.optimiser = optimiser;
        this.phases = phases;
    }

    /**
     * Goes on from {@code state}, bit for bit.
     *
     * @param optimiser how gradients become steps
     * @param rate the learning rate of the output layer before any schedule, positive
     * @param strategy when which group learns
     * @param groups that there are: the output layer and the blocks
     * @param live what is moved; it belongs to the head, which closes it
     * @param state of which the optimiser's part and the iteration are read; empty when it has seen nothing
     * @param pretrained weights towards which {@code optimiser.l2-sp} pulls, by name; parameters not among them are free
     * @throws IllegalArgumentException when the state is not one of this optimiser and these parameters, or not finite
     */
    public static Learning restore(
            OptimiserConfig optimiser,
            double rate,
            StrategyConfig strategy,
            int groups,
            LiveParameters live,
            HeadState state,
            Map<String, Tensor.F32> pretrained) {
        Phases phases = new Phases(strategy, groups, state.optimiser());
        return new Learning(Optimiser.restore(optimiser, rate, live, withoutPhases(state), pretrained), phases);
    }

    /** Whether {@code state} is one of the updater that {@code optimiser} names, or one that has seen nothing. */
    public static boolean canGoOn(OptimiserConfig optimiser, HeadState state) {
        return Optimiser.canGoOn(optimiser, withoutPhases(state));
    }

    private static HeadState withoutPhases(HeadState state) {
        return new HeadState(state.parameters(), Phases.without(state.optimiser()), state.iteration());
    }

    /** {@code learning}, or what to throw when a head without it shall be trained. */
    public static <T> T required(@Nullable T learning) {
        if (learning == null) {
            throw new IllegalStateException("a head that answers cannot be trained");
        }
        return learning;
    }

    /** Steps taken. */
    public long iteration() {
        return optimiser.iteration();
    }

    /** How many groups the next step moves, from the output layer down, at least 1. */
    public int unfrozen() {
        return phases.unfrozen(optimiser.iteration());
    }

    /**
     * One step of the {@link #unfrozen()} groups; their gradients become what was subtracted from the parameters.
     *
     * @param loss mean of the step before it
     */
    public void step(double loss) {
        optimiser.step(unfrozen());
        phases.learned(loss);
    }

    /** The state of a head with these parameters, from which {@link #restore} goes on. */
    public HeadState state(Map<String, Tensor.F32> parameters) {
        Map<String, Tensor.F32> state = new TreeMap<>(optimiser.state());
        phases.save(state);
        return new HeadState(parameters, state, optimiser.iteration());
    }

    /** Frees what is its own: not the parameters and gradients. */
    @Override
    public void close() {
        optimiser.close();
    }
}
