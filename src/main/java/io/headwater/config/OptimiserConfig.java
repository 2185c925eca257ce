package io.headwater.config;

import java.util.ArrayList;
import java.util.List;

/**
 * How gradients become steps. The learning rate itself is {@code training.learning-rate}.
 *
 * @param updater the rule
 * @param momentum of {@link Updater#SGD}, 0 to below 1 (Nesterov 1983)
 * @param weightDecay of {@link Updater#ADAMW}, decoupled from the gradient, 0 to 1; 0 with any other updater
 * @param schedule of the learning rate over the steps
 * @param warmUpSteps in which the learning rate grows from 0, 0 to 1000000, without effect on
 *     {@link Schedule#CONSTANT}; at least 1 with {@link Schedule#WARM_UP} and
 *     {@link Schedule#INVERSE_SQUARE_ROOT}
 * @param scheduleSteps of the cosine, after those of the warm-up, 1 to 1000000
 * @param clipNorm largest norm of all gradients together, 0 to 1000000; 0 for any (Pascanu et al. 2013)
 * @param topRate learning rate of the topmost block as a share of that of the output layer, above 0 and at most 1
 * @param layerDecay learning rate of a block as a share of that of the block above, above 0 and at most 1 (Howard and
 *     Ruder 2018)
 * @param l2Sp pull towards the pre-trained weights, 0 to 1 (Li et al. 2018)
 */
public record OptimiserConfig(
        Updater updater,
        double momentum,
        double weightDecay,
        Schedule schedule,
        int warmUpSteps,
        int scheduleSteps,
        double clipNorm,
        double topRate,
        double layerDecay,
        double l2Sp) {
    /** Adam at a constant learning rate. */
    public static final OptimiserConfig DEFAULT =
            new OptimiserConfig(Updater.ADAM, 0.9, 0, Schedule.CONSTANT, 0, 1000, 0, 0.1, 1, 0);

    public OptimiserConfig {
        AdaptationKeys.MOMENTUM.check(momentum);
        AdaptationKeys.WEIGHT_DECAY.check(weightDecay);
        AdaptationKeys.WARM_UP_STEPS.check(warmUpSteps);
        AdaptationKeys.SCHEDULE_STEPS.check(scheduleSteps);
        AdaptationKeys.CLIP_NORM.check(clipNorm);
        AdaptationKeys.TOP_RATE.check(topRate);
        AdaptationKeys.LAYER_DECAY.check(layerDecay);
        AdaptationKeys.L2_SP.check(l2Sp);
        Breach.refuse(breaches(updater, weightDecay, schedule, warmUpSteps));
    }

    static List<Breach> breaches(Updater updater, double weightDecay, Schedule schedule, int warmUpSteps) {
        List<Breach> breaches = new ArrayList<>();
        if (weightDecay > 0 && updater != Updater.ADAMW) {
            breaches.add(new Breach(
                    AdaptationKeys.WEIGHT_DECAY,
                    "optimiser.weight-decay must be 0 with optimiser.updater " + Texts.kebab(updater) + ", but is "
                            + weightDecay + "; leave it out or choose adamw"));
        }
        if (warmUpSteps < 1 && (schedule == Schedule.WARM_UP || schedule == Schedule.INVERSE_SQUARE_ROOT)) {
            breaches.add(new Breach(
                    AdaptationKeys.WARM_UP_STEPS,
                    "optimiser.warm-up-steps must be at least 1 with optimiser.schedule " + Texts.kebab(schedule)
                            + ", but is " + warmUpSteps + "; raise it or choose constant or cosine"));
        }
        return breaches;
    }

    /** The rule by which gradients become steps. */
    public enum Updater {
        /** Adam (Kingma and Ba 2015). */
        ADAM,
        /** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
        ADAMW,
        /** Stochastic gradient descent with Nesterov's momentum (Sutskever et al. 2013). */
        SGD
    }

    /** How the learning rate changes over the steps. */
    public enum Schedule {
        /** Not at all. */
        CONSTANT,
        /** It grows in equal parts, then stays. */
        WARM_UP,
        /** It falls to 0 along half a cosine (Loshchilov and Hutter 2017), after the warm-up if there is one. */
        COSINE,
        /** It grows in equal parts, then falls with the square root of the steps (Vaswani et al. 2017). */
        INVERSE_SQUARE_ROOT
    }
}
