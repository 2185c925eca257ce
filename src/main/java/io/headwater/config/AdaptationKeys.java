package io.headwater.config;

import io.headwater.config.AdaptationConfig.ClassWeights;
import io.headwater.domain.Lane;
import java.time.Duration;

/** The keys of an adaptation's file. */
final class AdaptationKeys {
    static final ScalarKey<String> NAME = Keys.name("name");
    static final ScalarKey<TaskKind> TASK = Keys.choice("task", TaskKind.class);
    static final ScalarKey<String> BASE = Keys.text(
            "base",
            "the name of a base model or the path of a manifest, at most 1000 printable characters",
            text -> Texts.isPrintable(text, 1000));
    static final ListKey<String> LABELS = new ListKey<>(
            "labels",
            "a list of at least 2 labels, none twice, or empty",
            Keys.text("labels", 200),
            size -> size != 1,
            true);
    static final ScalarKey<String> SOURCE =
            Keys.text("source", "1 to 200 characters without '/' and control characters", Lane::isDomain);

    static final ScalarKey<Integer> HIDDEN = Keys.whole("head.hidden", 0, 8192);

    static final ScalarKey<Integer> BATCH_SIZE = Keys.whole("training.batch-size", 1, 4096);
    static final ScalarKey<Double> LEARNING_RATE =
            Keys.decimal("training.learning-rate", "a number above 0 and at most 1", value -> value > 0 && value <= 1);
    static final ScalarKey<Double> LABEL_SMOOTHING =
            Keys.decimal("training.label-smoothing", "a number from 0 to below 1", value -> value >= 0 && value < 1);
    static final ScalarKey<ClassWeights> CLASS_WEIGHTS = Keys.choice("training.class-weights", ClassWeights.class);
    static final ScalarKey<Long> SEED =
            Keys.whole("training.seed", "a whole number of 64 bits other than 0", value -> value != 0);

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
    static final ScalarKey<Integer> CLASSES = Keys.whole("limits.classes", 2, 100_000);

    private AdaptationKeys() {}

    static String tooManyLabels(int labels, int classes) {
        return "labels must be at most limits.classes, which is " + classes + ", but are " + labels
                + "; raise limits.classes or list fewer";
    }

    private static ScalarKey<Double> share(String path) {
        return Keys.decimal(path, "a number from 0 to 1", value -> value >= 0 && value <= 1);
    }
}
