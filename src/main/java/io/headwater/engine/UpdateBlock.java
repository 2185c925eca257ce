package io.headwater.engine;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Updater;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Neighbouring parameters of one group, which one of ND4J's updaters takes as a single vector. */
final class UpdateBlock {
    /** ND4J 1.0.0-M2.1's Adam takes a rate that is 0 in its precision, as a schedule's end is, for 1e-8. */
    private static final double SMALLEST_RATE = 1e-30;

    private final List<LiveSlot> slots;
    private final INDArray values;
    private final INDArray gradients;
    private final List<String> moments;
    /** One row, all parameters once for each moment. */
    private final INDArray state;

    private final IUpdater rule;
    private final GradientUpdater<?> updater;

    /** @param slots at least one, each beginning where the one before it ends, all of one depth */
    UpdateBlock(OptimiserConfig config, LiveParameters live, List<LiveSlot> slots) {
        this.slots = List.copyOf(slots);
        int offset = slots.get(0).slot().offset();
        int length = slots.get(slots.size() - 1).slot().end() - offset;
        this.values = ParameterLayout.view(live.values(), offset, length);
        this.gradients = ParameterLayout.view(live.gradients(), offset, length);
        this.moments = moments(config.updater());
        this.state = Nd4j.create(values.dataType(), 1, (long) moments.size() * length);
        this.rule = rule(config);
        this.updater = rule.instantiate(state, false);
    }

    /** The beginnings of the names under which the moments of each parameter rest. */
    static List<String> moments(Updater updater) {
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

    List<LiveSlot> slots() {
        return slots;
    }

    int depth() {
        return slots.get(0).slot().depth();
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
        if (decay > 0) {
            slots.forEach(slot -> slot.decay(rate * decay));
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
        int first = slots.get(0).slot().offset();
        for (int i = 0; i < moments.size(); i++) {
            for (LiveSlot one : slots) {
                ParameterSlot slot = one.slot();
                int offset = i * length + slot.offset() - first;
                use.accept(
                        moments.get(i) + slot.name(),
                        new Moment(slot, ParameterLayout.view(state, offset, slot.length())));
            }
        }
    }

    void close() {
        state.close();
        slots.forEach(LiveSlot::close);
    }
}
