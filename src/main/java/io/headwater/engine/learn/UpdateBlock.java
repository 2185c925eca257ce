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
 * Neighbouring parameters of one group, which one of ND4J's updaters takes as a single vector. Everything else is done on
 * that vector too: each call of ND4J leaves kilobytes of garbage behind, whatever the length.
 */
public final class UpdateBlock {
    /** ND4J 1.0.0-M2.1's Adam takes a rate that is 0 in its precision, as a schedule's end is, for 1e-8. */
    private static final double SMALLEST_RATE = 1e-30;

    private final List<ParameterSlot> slots;
    private final INDArray values;
    private final INDArray gradients;
    private final List<String> moments;
    /** One row, all parameters once for each moment. */
    private final INDArray state;

    /** Where parameters are pulled to, and 1 where they are; both null when none is. */
    private final @Nullable INDArray pretrained;

    private final @Nullable INDArray pulled;
    /** 1 where parameters decay; null when none does. */
    private final @Nullable INDArray decaying;
    /** One array for all steps: native memory does not come back as fast as it is asked for. */
    private final @Nullable INDArray scratch;

    private final IUpdater rule;
    private final GradientUpdater<?> updater;

    /**
     * A block.
     *
     * @param slots at least one, each beginning where the one before it ends, all of one depth
     * @param pretrained values to which parameters are pulled, by name; those not among them are free
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

    /** 1 in the places of {@code some} slots, 0 in all others; null when they are none. */
    private @Nullable INDArray ones(Predicate<ParameterSlot> some) {
        if (slots.stream().noneMatch(some)) {
            return null;
        }
        INDArray ones = Nd4j.create(values.dataType(), values.length());
        slots.stream().filter(some).forEach(slot -> part(ones, slot).assign(1));
        return ones;
    }

    /** The beginnings of the names under which the moments of each parameter rest. */
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

    /** The sum of the squared gradients. */
    double squaredNorm() {
        // In their own precision: a copy in another one leaves native memory behind at each step.
        double norm = gradients.norm2Number().doubleValue();
        return norm * norm;
    }

    void scale(double factor) {
        gradients.muli(factor);
    }

    /**
     * One step; the gradients become what was subtracted.
     *
     * @param rate the learning rate
     * @param decay share of the values that decays before it is multiplied by the learning rate
     * @param steps that these parameters have already taken
     */
    void step(double rate, double decay, int steps) {
        rule.setLrAndSchedule(rate, null);
        updater.applyUpdater(gradients, steps, 0);
        if (rule instanceof Adam && rate < SMALLEST_RATE) {
            gradients.assign(0); // the moments alone went on
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

    /** Takes the moments of this block from {@code tensors}, which hold them all. */
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
