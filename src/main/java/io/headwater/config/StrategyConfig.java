package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the base model is cut, and when each part above the cut is trained.
 *
 * @param cut {@value #AUTO}, or the tensors at which the model is cut, joined with '+'; at most 1000 printable
 *     characters. The linear probe allows only one tensor
 * @param strategy when each part above the cut is trained
 * @param unfreeze number of top blocks of the base model to train, 0 to 1000; 0 when not given. It can be above 0 only
 *     with the cut {@value #AUTO} and a strategy other than the linear probe
 * @param phaseBy what ends a phase of {@link Strategy#LP_FT} and {@link Strategy#GRADUAL}
 * @param phaseSteps number of steps of a phase, or patience of the plateau in steps, 1 to 1000000
 * @param top which parameters above the cut are trained, how they are stored, and what their input is. A scalar mix is
 *     possible only with the cut {@value #AUTO} and the linear probe
 */
public record StrategyConfig(
        String cut, Strategy strategy, int unfreeze, PhaseBy phaseBy, int phaseSteps, TopConfig top) {
    private static final KeyTableBuilder<StrategyConfig> KEYS = KeyTable.builder();

    static final Key<String> CUT = KEYS.optional(
            "cut",
            text(
                    "auto or names of tensors joined with '+', at most 1000 printable characters",
                    text -> KeyText.isPrintable(text, 1000)
                            && Arrays.stream(text.split("\\+", -1)).noneMatch(String::isEmpty)),
            "auto",
            StrategyConfig::cut,
            "where the base model is divided into a frozen part below and a trainable part above. `auto` is the"
                    + " manifest's cut or, with a strategy other than `linear-probe`, the cut below the top `training.unfreeze`"
                    + " blocks. With `linear-probe`, only one tensor is allowed");
    static final Key<Strategy> STRATEGY = KEYS.optional(
            "training.strategy",
            choice(Strategy.class),
            Strategy.LINEAR_PROBE,
            StrategyConfig::strategy,
            "which parts are trained, and when. `linear-probe`: only the output layer; `fine-tune`: everything above"
                    + " the cut; `lp-ft`: first only the output layer, then everything above the cut; `gradual`: one more block"
                    + " in each phase, from the top down");
    static final Key<Integer> UNFREEZE = KEYS.optional(
            "training.unfreeze",
            whole(0, 1000),
            0,
            StrategyConfig::unfreeze,
            "number of top blocks of the base model that are trained. 0 means that the key is not set; a strategy"
                    + " other than `linear-probe` then unfreezes 1 block. Cannot be combined with `cut` or `linear-probe`");
    static final Key<PhaseBy> PHASE_BY = KEYS.optional(
            "training.phase-by",
            choice(PhaseBy.class),
            PhaseBy.STEPS,
            StrategyConfig::phaseBy,
            "when a phase ends: after `training.phase-steps` steps, or after that number of steps without a lower"
                    + " loss");
    static final Key<Integer> PHASE_STEPS = KEYS.optional(
            "training.phase-steps",
            whole(1, 1_000_000),
            100,
            StrategyConfig::phaseSteps,
            "length of the first phase of `lp-ft`, and of each phase of `gradual`; with `plateau`, the number of"
                    + " steps without a lower loss");

    /** The keys of this record. */
    static final KeyTable<StrategyConfig> TABLE = KEYS.group(TopConfig.TABLE, StrategyConfig::top)
            .rule(values ->
                    breaches(values.get(CUT), values.get(STRATEGY), values.get(UNFREEZE), TopConfig.TABLE.from(values)))
            .build(values -> new StrategyConfig(
                    values.get(CUT),
                    values.get(STRATEGY),
                    values.get(UNFREEZE),
                    values.get(PHASE_BY),
                    values.get(PHASE_STEPS),
                    TopConfig.TABLE.from(values)));

    /** The value of {@code cut} for a cut determined by the manifest and {@link #blocks}. */
    public static final String AUTO = "auto";

    /** Trains only the output layer, on the features that the manifest defines. */
    public static final StrategyConfig DEFAULT = TABLE.defaults();

    public StrategyConfig {
        CUT.check(cut);
        UNFREEZE.check(unfreeze);
        PHASE_STEPS.check(phaseSteps);
        Breach.refuse(breaches(cut, strategy, unfreeze, top));
    }

    private static List<Breach> breaches(String cut, Strategy strategy, int unfreeze, TopConfig top) {
        List<Breach> breaches = new ArrayList<>();
        if (strategy == Strategy.LINEAR_PROBE && cut.contains("+")) {
            breaches.add(new Breach(
                    CUT,
                    "cut must name one tensor with training.strategy linear-probe, which learns from it as it is, but is '"
                            + KeyText.shown(cut) + "'; name one or choose fine-tune, lp-ft or gradual"));
        }
        if (unfreeze > 0 && !cut.equals(AUTO)) {
            breaches.add(new Breach(
                    UNFREEZE,
                    "training.unfreeze must be 0 when cut is given, because each says where the model is divided, but is "
                            + unfreeze + " with cut '" + KeyText.shown(cut) + "'; leave out one of them"));
        }
        if (unfreeze > 0 && strategy == Strategy.LINEAR_PROBE) {
            breaches.add(new Breach(
                    UNFREEZE,
                    "training.unfreeze must be 0 with training.strategy linear-probe, which leaves the model frozen, but is "
                            + unfreeze + "; leave it out or choose fine-tune, lp-ft or gradual"));
        }
        List<String> scalarMix = top.scalarMix();
        if (!scalarMix.isEmpty() && !cut.equals(AUTO)) {
            breaches.add(new Breach(
                    TopConfig.SCALAR_MIX,
                    "training.scalar-mix must be empty when cut is given, because each says where the model is divided, but is "
                            + KeyText.shown(scalarMix.toString()) + " with cut '" + KeyText.shown(cut)
                            + "'; leave out one of them"));
        }
        if (!scalarMix.isEmpty() && strategy != Strategy.LINEAR_PROBE) {
            breaches.add(new Breach(
                    TopConfig.SCALAR_MIX,
                    "training.scalar-mix must be empty with training.strategy " + KeyText.kebab(strategy)
                            + ", as it mixes tensors of a model that stays frozen, but is "
                            + KeyText.shown(scalarMix.toString()) + "; leave it out or choose linear-probe"));
        }
        if (top.batchNorm() == BatchStatistics.UPDATE && strategy == Strategy.LINEAR_PROBE) {
            breaches.add(new Breach(
                    TopConfig.BATCH_NORM,
                    "training.batch-norm must be keep with training.strategy linear-probe, which leaves the model frozen,"
                            + " but is update; leave it out or choose fine-tune, lp-ft or gradual"));
        }
        return breaches;
    }

    /** Returns a copy with the model cut at {@code cut}. */
    public StrategyConfig at(String cut) {
        return TABLE.from(TABLE.values(this).with(CUT, cut).with(UNFREEZE, 0));
    }

    /** Returns the tensors at which the model is cut; empty when the manifest and {@link #blocks} determine the cut. */
    public List<String> cuts() {
        return cut.equals(AUTO) ? List.of() : List.of(cut.split("\\+"));
    }

    /**
     * Returns the number of top blocks of the base model to train. It is 0 when none is trained, and also when
     * {@link #cuts} are given: then everything above them is trained, unless the strategy is the linear probe.
     */
    public int blocks() {
        return strategy == Strategy.LINEAR_PROBE || !cut.equals(AUTO) ? 0 : Math.max(1, unfreeze);
    }

    /** Returns whether more than the output layer is trained. */
    public boolean unfreezes() {
        return strategy != Strategy.LINEAR_PROBE;
    }

    /** When each part above the cut is trained. */
    public enum Strategy {
        /** Only the output layer; the model stays unchanged (Alain and Bengio 2017). */
        LINEAR_PROBE,
        /** Everything above the cut, from the first step on (Yosinski et al. 2014). */
        FINE_TUNE,
        /** First only the output layer, then everything above the cut (Kumar et al. 2022). */
        LP_FT,
        /**
         * First only the output layer, then one more block in each phase, from the top down (Howard and Ruder 2018).
         */
        GRADUAL
    }

    /** What ends a phase. */
    public enum PhaseBy {
        /** A fixed number of steps. */
        STEPS,
        /** A number of consecutive steps without a lower loss. */
        PLATEAU
    }
}
