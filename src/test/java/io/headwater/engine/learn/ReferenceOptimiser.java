package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A reference optimiser in plain Java and double precision, written from the papers. */
final class ReferenceOptimiser {
    private final OptimiserConfig config;
    private final double rate;
    private final List<ParameterSlot> slots;
    private final Map<String, float[]> pretrained;
    private final double[] values;
    private final double[] first;
    private final double[] second;
    private final int[] groupSteps;
    private int iteration;

    ReferenceOptimiser(
            OptimiserConfig config,
            double rate,
            ParameterLayout layout,
            double[] values,
            Map<String, Tensor.F32> pretrained) {
        this.config = config;
        this.rate = rate;
        this.slots = layout.slots();
        this.values = values.clone();
        this.pretrained = new TreeMap<>();
        pretrained.forEach((name, tensor) -> this.pretrained.put(name, tensor.values()));
        this.first = new double[values.length];
        this.second = new double[values.length];
        this.groupSteps = new int[layout.groups()];
    }

    double[] values() {
        return values;
    }

    void step(double[] gradients, int unfrozen) {
        double[] g = gradients.clone();
        double squares = 0;
        for (ParameterSlot slot : slots) {
            float[] start = pretrained.get(slot.name());
            for (int i = 0; i < slot.length() && slot.depth() < unfrozen; i++) {
                int at = slot.offset() + i;
                if (start != null) {
                    g[at] += config.l2Sp() * (values[at] - start[OptimiserRig.atRest(slot, i)]);
                }
                squares += g[at] * g[at];
            }
        }
        double clip = config.clipNorm() > 0 ? Math.min(1, config.clipNorm() / Math.sqrt(squares)) : 1;
        double scheduled = LearningRate.of(config, rate).at(iteration++);
        for (int group = 0; group < groupSteps.length && group < unfrozen; group++) {
            groupSteps[group]++;
        }
        for (ParameterSlot slot : slots) {
            double own = scheduled
                    * (slot.depth() == 0 ? 1 : config.topRate() * Math.pow(config.layerDecay(), slot.depth() - 1));
            for (int i = 0; i < slot.length() && slot.depth() < unfrozen; i++) {
                int at = slot.offset() + i;
                double decay = slot.decays() ? own * config.weightDecay() * values[at] : 0;
                values[at] -= update(at, g[at] * clip, own, groupSteps[slot.depth()]) + decay;
            }
        }
    }

    private double update(int at, double g, double own, int t) {
        if (config.updater() == Updater.SGD) {
            // Sutskever et al. 2013, for the parameters at the point where the gradient was taken.
            double before = first[at];
            first[at] = config.momentum() * before - own * g;
            return config.momentum() * before - (1 + config.momentum()) * first[at];
        }
        first[at] = 0.9 * first[at] + 0.1 * g;
        second[at] = 0.999 * second[at] + 0.001 * g * g;
        double corrected = own * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
        return corrected * first[at] / (Math.sqrt(second[at]) + 1e-8);
    }
}
