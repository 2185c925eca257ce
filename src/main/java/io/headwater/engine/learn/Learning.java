package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Updates a head's parameters from gradients, whatever library computes them. It combines the optimiser with the
 * phases that decide which groups of parameters are trained, and with what holds parameters near former ones. Not safe for use by several threads. The same state and
 * gradients give the same bits.
 */
public final class Learning implements AutoCloseable {
    private final Optimiser optimiser;
    private final Phases phases;
    /** Null when weights are not held near former ones. */
    private final @Nullable ElasticWeights elastic;

    private Learning(Optimiser optimiser, Phases phases, @Nullable ElasticWeights elastic) {
        this.optimiser = optimiser;
        this.phases = phases;
        this.elastic = elastic;
    }

    /**
     * Restores the training from {@code state}; it continues bit for bit.
     *
     * @param optimiser the settings of the optimiser
     * @param rate the learning rate of the output layer before any schedule, positive
     * @param gradients what is remembered besides replayed samples
     * @param strategy which group is trained from which step on
     * @param groups the number of groups: the output layer and the blocks
     * @param live the parameters and gradients; they belong to the head, which closes them
     * @param state the state from which optimiser state and iteration are read; without optimiser state if untrained
     * @param pretrained the weights towards which {@code optimiser.l2-sp} regularises, by name; parameters without an
     *     entry are not regularised
     * @throws IllegalArgumentException when the state does not belong to this optimiser and these parameters, or is
     *     not finite
     */
    public static Learning restore(
            OptimiserConfig optimiser,
            double rate,
            GradientConfig gradients,
            StrategyConfig strategy,
            int groups,
            LiveParameters live,
            HeadState state,
            Map<String, Tensor.F32> pretrained) {
        Phases phases = new Phases(strategy, groups, state.optimiser());
        ElasticWeights.Settings elastic = ElasticWeights.Settings.of(gradients);
        return new Learning(
                Optimiser.restore(optimiser, rate, live, ofOptimiser(state), pretrained),
                phases,
                elastic.strength() > 0 ? new ElasticWeights(elastic, live, state.optimiser()) : null);
    }

    /** Whether {@code state} was written by the updater that {@code optimiser} names, or is untrained. */
    public static boolean canGoOn(OptimiserConfig optimiser, HeadState state) {
        return Optimiser.canGoOn(optimiser, ofOptimiser(state));
    }

    /** Returns {@code state} with those tensors alone that an {@link Optimiser} knows. */
    public static HeadState ofOptimiser(HeadState state) {
        return new HeadState(
                state.parameters(), ElasticWeights.without(Phases.without(state.optimiser())), state.iteration());
    }

    /** Returns the prefixes of the names of all tensors in a state that have the shape of a parameter. */
    public static List<String> prefixes() {
        return Stream.concat(
                        Arrays.stream(Updater.values()).flatMap(updater -> UpdateBlock.moments(updater).stream()),
                        ElasticWeights.prefixes().stream())
                .distinct()
                .toList();
    }

    /** Returns {@code learning}, or throws if it is null because the head is for inference only. */
    public static <T> T required(@Nullable T learning) {
        if (learning == null) {
            throw new IllegalStateException("a head that answers cannot be trained");
        }
        return learning;
    }

    /** The number of steps taken. */
    public long iteration() {
        return optimiser.iteration();
    }

    /** Returns the number of groups that the next step trains, from the output layer down, at least 1. */
    public int unfrozen() {
        return phases.unfrozen(optimiser.iteration());
    }

    /**
     * Takes one step for the {@link #unfrozen()} groups. Their gradients are overwritten with the values that were
     * subtracted from the parameters.
     *
     * @param loss the mean loss before the step
     */
    public void step(double loss) {
        if (elastic != null) {
            elastic.pull(optimiser.iteration());
        }
        optimiser.step(unfrozen());
        phases.learned(loss);
        if (elastic != null) {
            elastic.stepped(optimiser.iteration());
        }
    }

    /**
     * Notes that the parameters are about to be replaced by others that compute the same from features of another scale.
     *
     * @param next the parameters to come, in the layout of the present ones
     */
    public void converted(INDArray next) {
        if (elastic != null) {
            elastic.converted(next);
        }
    }

    /** Returns the state of a head with these parameters, for {@link #restore}. */
    public HeadState state(Map<String, Tensor.F32> parameters) {
        Map<String, Tensor.F32> state = new TreeMap<>(optimiser.state());
        phases.save(state);
        if (elastic != null) {
            elastic.save(state);
        }
        return new HeadState(parameters, state, optimiser.iteration());
    }

    /** Frees the memory of the optimiser, but not the parameters and gradients. */
    @Override
    public void close() {
        optimiser.close();
        if (elastic != null) {
            elastic.close();
        }
    }
}
