package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Updates the parameters of a head from their gradients, in place. Not safe for use by several threads. The same
 * state, gradients and number of threads give the same bits.
 *
 * <p>ND4J's own updaters compute the steps: Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015)
 * or stochastic gradient descent with Nesterov's momentum (Sutskever et al., "On the importance of initialization and
 * momentum in deep learning", 2013). If configured, the following is applied in this order: regularisation towards the
 * pre-trained weights (L2-SP: Li et al., "Explicit inductive bias for transfer learning with convolutional networks",
 * 2018); clipping by the norm of the gradients of all trained groups (Pascanu et al., "On the difficulty of training
 * recurrent neural networks", 2013); a learning rate that falls with the depth (Howard and Ruder, "Universal language
 * model fine-tuning for text classification", 2018); decoupled weight decay (AdamW: Loshchilov and Hutter, "Decoupled
 * weight decay regularization", 2019).
 *
 * <p>Frozen groups keep their parameters and moments. Adam's bias correction counts the steps of each group
 * separately.
 */
public final class Optimiser implements AutoCloseable {
    /**
     * The steps of each group [groups, 2]: the quotient and the remainder of a division by 65,536, both exact as a
     * float. Present only when some group took fewer steps than the head.
     */
    private static final String GROUP_STEPS = "steps/group";

    private static final int LOW_BITS = 16;

    private final OptimiserConfig config;
    private final LearningRate learningRate;
    private final List<UpdateBlock> blocks;
    private final int[] groupSteps;
    private int iteration;

    private Optimiser(OptimiserConfig config, LearningRate learningRate, List<UpdateBlock> blocks, int[] groupSteps) {
        this.config = config;
        this.learningRate = learningRate;
        this.blocks = blocks;
        this.groupSteps = groupSteps;
    }

    /**
     * Restores an optimiser from {@code state}, to continue bit for bit; an untrained head has no optimiser state.
     *
     * @param config the settings of the optimiser
     * @param rate the learning rate of the output layer before any schedule, positive
     * @param live the parameters and gradients
     * @param state the state from which optimiser state and iteration are read
     * @param pretrained the weights towards which {@code optimiser.l2-sp} regularises, by name; parameters without an
     *     entry are not regularised
     * @throws IllegalArgumentException when the state does not belong to this optimiser and these parameters, or is
     *     not finite
     */
    public static Optimiser restore(
            OptimiserConfig config,
            double rate,
            LiveParameters live,
            HeadState state,
            Map<String, Tensor.F32> pretrained) {
        int[] steps = check(config, live.layout(), state);
        List<UpdateBlock> blocks = blocks(config, live, config.l2Sp() > 0 ? pretrained : Map.of());
        blocks.forEach(block -> block.load(state.optimiser()));
        Optimiser optimiser = new Optimiser(config, LearningRate.of(config, rate), blocks, steps);
        optimiser.iteration = (int) state.iteration();
        return optimiser;
    }

    /** Whether {@code state} was written by the updater that {@code config} names, or is untrained. */
    static boolean canGoOn(OptimiserConfig config, HeadState state) {
        return hasSeenNothing(state)
                || state.optimiser().keySet().stream()
                        .filter(name -> !name.equals(GROUP_STEPS))
                        .allMatch(name ->
                                UpdateBlock.moments(config.updater()).stream().anyMatch(name::startsWith));
    }

    private static boolean hasSeenNothing(HeadState state) {
        return state.optimiser().isEmpty() && state.iteration() == 0;
    }

    /**
     * Checks a state and returns the number of steps of each group.
     *
     * @throws IllegalArgumentException when the state does not belong to this optimiser
     */
    public static int[] check(OptimiserConfig config, ParameterLayout layout, HeadState state) {
        if (state.iteration() < 0 || state.iteration() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a head's iteration must be 0 to " + Integer.MAX_VALUE + ", but is " + state.iteration());
        }
        Map<String, Tensor.F32> moments = new TreeMap<>(state.optimiser());
        Tensor.F32 counted = moments.remove(GROUP_STEPS);
        if (!hasSeenNothing(state)) {
            layout.check("optimiser", UpdateBlock.moments(config.updater()), moments);
        }
        int[] steps = new int[layout.groups()];
        if (counted == null) {
            Arrays.fill(steps, (int) state.iteration());
            return steps;
        }
        if (!Arrays.equals(counted.shape(), new int[] {steps.length, 2})) {
            throw new IllegalArgumentException("a head's " + GROUP_STEPS + " must have shape [" + steps.length
                    + ", 2], but has " + Arrays.toString(counted.shape()));
        }
        for (int group = 0; group < steps.length; group++) {
            double count = counted.values()[2 * group] * (double) (1 << LOW_BITS) + counted.values()[2 * group + 1];
            if (!(count >= 0 && count <= state.iteration() && count == Math.rint(count))) {
                throw new IllegalArgumentException("a head's " + GROUP_STEPS + " must be whole numbers from 0 to its "
                        + state.iteration() + " steps, but group " + group + " has " + count);
            }
            steps[group] = (int) count;
        }
        return steps;
    }

    private static List<UpdateBlock> blocks(
            OptimiserConfig config, LiveParameters live, Map<String, Tensor.F32> pretrained) {
        List<UpdateBlock> blocks = new ArrayList<>();
        List<ParameterSlot> neighbours = new ArrayList<>();
        for (ParameterSlot slot : live.layout().slots()) {
            if (!neighbours.isEmpty() && !continues(neighbours.get(neighbours.size() - 1), slot)) {
                blocks.add(new UpdateBlock(config, live, neighbours, pretrained));
                neighbours.clear();
            }
            neighbours.add(slot);
        }
        blocks.add(new UpdateBlock(config, live, neighbours, pretrained));
        return blocks;
    }

    private static boolean continues(ParameterSlot before, ParameterSlot slot) {
        return before.end() == slot.offset() && before.depth() == slot.depth();
    }

    /** The number of steps taken. */
    public long iteration() {
        return iteration;
    }

    /** Takes one step for all parameters. */
    public void step() {
        step(groupSteps.length);
    }

    /**
     * Takes one step for the groups whose depth is below {@code unfrozen}. Their gradients are overwritten with the
     * values that were subtracted from the parameters; the other groups stay unchanged.
     *
     * @param unfrozen at least 1
     */
    public void step(int unfrozen) {
        if (unfrozen < 1) {
            throw new IllegalArgumentException("a step needs at least 1 group that learns, but has " + unfrozen);
        }
        List<UpdateBlock> learning =
                blocks.stream().filter(block -> block.depth() < unfrozen).toList();
        if (config.l2Sp() > 0) {
            learning.forEach(block -> block.pull(config.l2Sp()));
        }
        if (config.clipNorm() > 0) {
            clip(learning);
        }
        double rate = learningRate.at(iteration);
        for (UpdateBlock block : learning) {
            double own = rate * share(block.depth());
            block.step(own, config.weightDecay(), groupSteps[block.depth()]);
        }
        for (int group = 0; group < Math.min(unfrozen, groupSteps.length); group++) {
            groupSteps[group]++;
        }
        iteration = Math.incrementExact(iteration);
    }

    /** Returns the learning rate of a group, relative to that of the output layer. */
    private double share(int depth) {
        return depth == 0 ? 1 : config.topRate() * StrictMath.pow(config.layerDecay(), depth - 1);
    }

    private void clip(List<UpdateBlock> learning) {
        double squares = 0;
        for (UpdateBlock block : learning) {
            squares += block.squaredNorm();
        }
        double norm = Math.sqrt(squares);
        if (norm > config.clipNorm()) {
            learning.forEach(block -> block.scale(config.clipNorm() / norm));
        }
    }

    /**
     * Returns a copy of the moments, each named after its parameter; together with {@link #iteration}, they suffice to
     * continue bit for bit.
     */
    public Map<String, Tensor.F32> state() {
        Map<String, Tensor.F32> state = new TreeMap<>();
        blocks.forEach(block -> block.save(state));
        if (Arrays.stream(groupSteps).anyMatch(steps -> steps != iteration)) {
            float[] counted = new float[2 * groupSteps.length];
            for (int group = 0; group < groupSteps.length; group++) {
                counted[2 * group] = groupSteps[group] >>> LOW_BITS;
                counted[2 * group + 1] = groupSteps[group] & ((1 << LOW_BITS) - 1);
            }
            state.put(GROUP_STEPS, new Tensor.F32(new int[] {groupSteps.length, 2}, counted));
        }
        return state;
    }

    /** Frees the memory of the optimiser, but not the parameters and gradients. */
    @Override
    public void close() {
        blocks.forEach(UpdateBlock::close);
    }
}
