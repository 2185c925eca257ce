package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Adjacent parameters of one group that an ND4J updater processes as a single vector. All other operations use that
 * vector too, because each call of ND4J leaves kilobytes of garbage behind, whatever the length.
 */
public final class UpdateBlock {
    /** Adam of ND4J 1.0.0-M2.1 replaces a learning rate that rounds to 0, as at the end of a schedule, by 1e-8. */
    private static final double SMALLEST_RATE = 1e-30;

    private final List<ParameterSlot> slots;
    private final INDArray values;
    private final INDArray gradients;
    private final List<String> moments;
    /** One row with the value of every parameter for the first moment, followed by those for any further moments. */
    private final INDArray state;

    /** The target values of L2-SP, and a mask that is 1 for the parameters that have one; both null when none has. */
    private final @Nullable INDArray pretrained;

    private final @Nullable INDArray pulled;
    /** A mask that is 1 for parameters with weight decay; null when none has. */
    private final @Nullable INDArray decaying;
    /** Reused in all steps, because native memory is not freed as fast as it would be allocated. */
    private final @Nullable INDArray scratch;

    private final IUpdater rule;
    private final GradientUpdater<?> updater;

    /**
     * Creates a block.
     *
     * @param slots at least one slot, each starting where the previous one ends, all of one depth
     * @param pretrained the values towards which L2-SP regularises, by name; parameters without an entry are not
     *     regularised
     */
    UpdateBlock(
            OptimiserConfig config,
            LiveParameters live,
            List<ParameterSlot> slots,
            Map<String, Tensor.F32> pretrained) {
        this.slots = List.copyOf(slots);
        int offset = first();
        int length = slots.get(slots.size() - 1).end() - offset;
        this.values = ParameterLayout.view(live.values(), offset, length);
        this.gradients = ParameterLayout.view(live.gradients(), offset, length);
        this.pulled = ones(slot -> pretrained.containsKey(slot.name()));
        this.pretrained = pulled == null ? null : Nd4j.create(values.dataType(), length);
        slots.forEach(slot -> {
            Tensor.F32 start = pretrained.get(slot.name());
            if (this.pretrained != null && start != null) {
                ParameterLayout.write(part(this.pretrained, slot), slot, start);
            }
        });
        this.decaying = config.weightDecay() > 0 ? ones(ParameterSlot::decays) : null;
        this.scratch = pulled == null && decaying == null ? null : Nd4j.create(values.dataType(), length);
        this.moments = moments(config.updater());
        this.state = Nd4j.create(values.dataType(), 1, (long) moments.size() * length);
        this.rule = rule(config);
        this.updater = rule.instantiate(state, false);
    }

    private int first() {
        return slots.get(0).offset();
    }

    private INDArray part(INDArray block, ParameterSlot slot) {
        return ParameterLayout.view(block, slot.offset() - first(), slot.length());
    }

    /**
     * Returns a mask that is 1 for the values of the slots that match {@code some} and 0 elsewhere; null when none
     * matches.
     */
    private @Nullable INDArray ones(Predicate<ParameterSlot> some) {
        if (slots.stream().noneMatch(some)) {
            return null;
        }
        INDArray ones = Nd4j.create(values.dataType(), values.length());
        slots.stream().filter(some).forEach(slot -> part(ones, slot).assign(1));
        return ones;
    }

    /** Returns the prefixes of the names under which the moments of each parameter are stored. */
    public static List<String> moments(Updater updater) {
        return switch (updater) {
            case ADAM, ADAMW -> List.of("adam.m/", "adam.v/");
            case SGD -> List.of("momentum/");
        };
    }

    private static IUpdater rule(OptimiserConfig config) {
        return switch (config.updater()) {
            case ADAM, ADAMW -> new Adam(0, 0.9, 0.999, 1e-8);
            case SGD -> new Nesterovs(0, config.momentum());
        };
    }

    int depth() {
        return slots.get(0).depth();
    }

    /** Adds the gradient of {@code strength} / 2 × the squared distance from the pre-trained values. */
    void pull(double strength) {
        if (pretrained != null && pulled != null && scratch != null) {
            values.subi(pretrained, scratch).muli(pulled).muli(strength);
            gradients.addi(scratch);
        }
    }

    /** Returns the sum of the squared gradients. */
    double squaredNorm() {
        // Computed in the precision of the gradients, as a copy in another precision would leak native memory.
        double norm = gradients.norm2Number().doubleValue();
        return norm * norm;
    }

    void scale(double factor) {
        gradients.muli(factor);
    }

    /**
     * Takes one step; the gradients are overwritten with the values that were subtracted from the parameters.
     *
     * @param rate the learning rate
     * @param decay the weight decay, which is multiplied by the learning rate
     * @param steps the number of steps that these parameters have already taken
     */
    void step(double rate, double decay, int steps) {
        rule.setLrAndSchedule(rate, null);
        updater.applyUpdater(gradients, steps, 0);
        if (rule instanceof Adam && rate < SMALLEST_RATE) {
            gradients.assign(0); // only the moments were updated
            return;
        }
        if (decaying != null && scratch != null) {
            values.muli(decaying, scratch).muli(rate * decay);
            gradients.addi(scratch);
        }
        values.subi(gradients);
    }

    /** Copies the moments of this block into {@code tensors}. */
    void save(Map<String, Tensor.F32> tensors) {
        eachMoment((name, part) -> tensors.put(name, ParameterLayout.read(part.view, part.slot)));
    }

    /** Reads the moments of this block from {@code tensors}, which contain all of them. */
    void load(Map<String, Tensor.F32> tensors) {
        eachMoment((name, part) -> {
            Tensor.F32 tensor = tensors.get(name);
            if (tensor != null) {
                ParameterLayout.write(part.view, part.slot, tensor);
            }
        });
    }

    private record Moment(ParameterSlot slot, INDArray view) {}

    private void eachMoment(BiConsumer<String, Moment> use) {
        int length = (int) values.length();
        int first = first();
        for (int i = 0; i < moments.size(); i++) {
            for (ParameterSlot slot : slots) {
                int offset = i * length + slot.offset() - first;
                use.accept(
                        moments.get(i) + slot.name(),
                        new Moment(slot, ParameterLayout.view(state, offset, slot.length())));
            }
        }
    }

    void close() {
        state.close();
        Stream.of(pretrained, pulled, decaying, scratch)
                .filter(Objects::nonNull)
                .forEach(INDArray::close);
    }
}
