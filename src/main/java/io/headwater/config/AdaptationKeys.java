package io.headwater.config;

import io.headwater.config.FeaturesConfig.Precision;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Lane;
import java.time.Duration;
import java.util.Arrays;

/** The keys of an adaptation's file. */
final class AdaptationKeys {
    static final ScalarKey<String> NAME = Keys.name("name");
    static final ScalarKey<TaskKind> TASK = Keys.choice("task", TaskKind.class);
    static final ScalarKey<String> BASE = Keys.text(
            "base",
            "the name of a base model or the path of a manifest, at most 1000 printable characters",
            text -> Texts.isPrintable(text, 1000));
    static final ListKey<String> LABELS = new ListKey<>(
            "labels", "a list of labels, none twice, or empty", Keys.text("labels", 200), size -> true, true);
    static final ScalarKey<String> SOURCE =
            Keys.text("source", "1 to 200 characters without '/' and control characters", Lane::isDomain);

    static final ScalarKey<String> CUT = Keys.text(
            "cut",
            "auto or names of tensors joined with '+', at most 1000 printable characters",
            text -> Texts.isPrintable(text, 1000)
                    && Arrays.stream(text.split("\\+", -1)).noneMatch(String::isEmpty));

    static final ScalarKey<Integer> HIDDEN = Keys.whole("head.hidden", 0, 8192);

    static final ScalarKey<OutputLayerChoice> OUTPUT_LAYER = Keys.choice("head.output-layer", OutputLayerChoice.class);
    static final ScalarKey<Integer> BEAM_WIDTH = Keys.whole("head.beam-width", 1, 1000);

    static final ScalarKey<Integer> BATCH_SIZE = Keys.whole("training.batch-size", 1, 4096);
    static final ScalarKey<Double> LEARNING_RATE =
            Keys.decimal("training.learning-rate", "a number above 0 and at most 1", value -> value > 0 && value <= 1);
    static final ScalarKey<Double> LABEL_SMOOTHING = belowOne("training.label-smoothing");
    static final ScalarKey<ClassWeights> CLASS_WEIGHTS = Keys.choice("training.class-weights", ClassWeights.class);
    static final ScalarKey<Long> SEED =
            Keys.whole("training.seed", "a whole number of 64 bits other than 0", value -> value != 0);
    static final ScalarKey<Strategy> STRATEGY = Keys.choice("training.strategy", Strategy.class);
    static final ScalarKey<Integer> UNFREEZE = Keys.whole("training.unfreeze", 0, 1000);
    static final ScalarKey<PhaseBy> PHASE_BY = Keys.choice("training.phase-by", PhaseBy.class);
    static final ScalarKey<Integer> PHASE_STEPS = Keys.whole("training.phase-steps", 1, 1_000_000);
    static final ScalarKey<TopParameters> PARAMETERS = Keys.choice("training.parameters", TopParameters.class);
    static final ScalarKey<Integer> LORA_RANK = Keys.whole("training.lora-rank", 1, 1024);
    static final ScalarKey<Double> LORA_ALPHA = Keys.decimal(
            "training.lora-alpha", "a number above 0 and at most 1000000", value -> value > 0 && value <= 1_000_000);
    static final ScalarKey<Double> DROPOUT = belowOne("training.dropout");
    static final ListKey<String> SCALAR_MIX = new ListKey<>(
            "training.scalar-mix",
            "a list of 2 to 64 names of tensors, none twice, or empty",
            Keys.text("training.scalar-mix", 1000),
            size -> size != 1 && size <= 64,
            true);
    static final ScalarKey<BatchStatistics> BATCH_NORM = Keys.choice("training.batch-norm", BatchStatistics.class);

    static final ScalarKey<Updater> UPDATER = Keys.choice("optimiser.updater", Updater.class);
    static final ScalarKey<Double> MOMENTUM = belowOne("optimiser.momentum");
    static final ScalarKey<Double> WEIGHT_DECAY = share("optimiser.weight-decay");
    static final ScalarKey<Schedule> SCHEDULE = Keys.choice("optimiser.schedule", Schedule.class);
    static final ScalarKey<Integer> WARM_UP_STEPS = Keys.whole("optimiser.warm-up-steps", 0, 1_000_000);
    static final ScalarKey<Integer> SCHEDULE_STEPS = Keys.whole("optimiser.schedule-steps", 1, 1_000_000);
    static final ScalarKey<Double> CLIP_NORM = Keys.decimal(
            "optimiser.clip-norm", "a number from 0 to 1000000", value -> value >= 0 && value <= 1_000_000);
    static final ScalarKey<Double> TOP_RATE =
            Keys.decimal("optimiser.top-rate", "a number above 0 and at most 1", value -> value > 0 && value <= 1);
    static final ScalarKey<Double> LAYER_DECAY =
            Keys.decimal("optimiser.layer-decay", "a number above 0 and at most 1", value -> value > 0 && value <= 1);
    static final ScalarKey<Double> L2_SP = share("optimiser.l2-sp");

    static final ScalarKey<Algorithm> ALGORITHM = Keys.choice("reinforcement.algorithm", Algorithm.class);
    static final ScalarKey<Double> DISCOUNT = share("reinforcement.discount");
    static final ScalarKey<Integer> N_STEP = Keys.whole("reinforcement.n-step", 1, 100);
    static final ScalarKey<Integer> TARGET_STEPS = Keys.whole("reinforcement.target-steps", 1, 1_000_000);
    static final ScalarKey<Double> HUBER_DELTA = Keys.decimal(
            "reinforcement.huber-delta",
            "a number above 0 and at most 1000000",
            value -> value > 0 && value <= 1_000_000);

    static final ScalarKey<Precision> PRECISION = Keys.choice("features.precision", Precision.class);

    static final ScalarKey<Integer> CAPACITY = Keys.whole("replay.capacity", 0, 100_000);
    static final ScalarKey<Integer> PER_STEP = Keys.whole("replay.per-step", 0, 4096);

    static final ScalarKey<Integer> STEPS = Keys.whole("checkpoint.steps", 1, 1_000_000);
    static final ScalarKey<Duration> INTERVAL = Keys.duration("checkpoint.interval", Duration.ofMillis(1), "1ms");
    static final ScalarKey<Duration> LINGER = Keys.duration("checkpoint.linger", Duration.ZERO, "0ms");

    static final ScalarKey<Integer> SAMPLES = Keys.whole("anchor.samples", 0, 100_000);
    static final ScalarKey<Integer> EVERY = Keys.whole("anchor.every", 2, 1000);

    static final ScalarKey<Integer> MINIMUM_SAMPLES = Keys.whole("promotion.minimum-samples", 1, 100_000);
    static final ScalarKey<Double> MARGIN = share("promotion.margin");
    static final ScalarKey<Double> ANCHOR_DROP = share("promotion.anchor-drop");

    static final ScalarKey<Integer> TEXT_BYTES = Keys.size("limits.text-bytes", 10);
    static final ScalarKey<Integer> IMAGE_BYTES = Keys.size("limits.image-bytes", 64);
    static final ScalarKey<Long> IMAGE_PIXELS = Keys.whole(
            "limits.image-pixels", "a whole number from 1 to 100000000", value -> value >= 1 && value <= 100_000_000L);
    static final ScalarKey<Integer> AUDIO_BYTES = Keys.size("limits.audio-bytes", 64);
    static final ScalarKey<Integer> AUDIO_SECONDS = Keys.whole("limits.audio-seconds", 1, 600);
    static final ScalarKey<Integer> CLASSES = Keys.whole("limits.classes", 2, 100_000);

    private AdaptationKeys() {}

    static String tooManyLabels(int labels, int classes) {
        return "labels must be at most limits.classes, which is " + classes + ", but are " + labels
                + "; raise limits.classes or list fewer";
    }

    private static ScalarKey<Double> belowOne(String path) {
        return Keys.decimal(path, "a number from 0 to below 1", value -> value >= 0 && value < 1);
    }

    private static ScalarKey<Double> share(String path) {
        return Keys.decimal(path, "a number from 0 to 1", value -> value >= 0 && value <= 1);
    }
}
