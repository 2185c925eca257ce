package io.headwater.config;

import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import io.headwater.config.key.ListType;
import io.headwater.config.key.TextTypes;
import io.headwater.domain.Lane;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An adaptation: base model, task, labels, training and promotion rules. Read from YAML by {@link AdaptationFile}; only
 * {@code name}, {@code task} and {@code base} must be given. A value outside its range is an
 * {@link IllegalArgumentException} that names the key. In code it is made with {@link #of} and changed with the methods
 * whose names begin with "with".
 *
 * @param name of the adaptation: 1 to 100 letters, digits, '.', '_' or '-'
 * @param task what is learned
 * @param base a known base model's name, or the path of a base-model manifest
 * @param labels the only classes allowed, in the order of the logits: none twice, at least 2 where one of them is chosen; empty to learn classes as they
 *     appear, which an output layer that is kept does not allow
 * @param source the domain whose champion new lanes start from; null when every lane starts untrained
 * @param head the trainable part
 * @param training how a step learns
 * @param strategy where the base model is divided and when which part of its top learns
 * @param optimiser how gradients become steps
 * @param reinforcement how a policy is learned; the default with any other task
 * @param features what the base model's features are held as
 * @param replay what is remembered
 * @param checkpoint when a version is published
 * @param anchor what must not be forgotten
 * @param promotion when a challenger becomes champion
 * @param limits what is refused unread
 */
public record AdaptationConfig(
        String name,
        TaskKind task,
        String base,
        List<String> labels,
        @Nullable String source,
        HeadConfig head,
        TrainingConfig training,
        StrategyConfig strategy,
        OptimiserConfig optimiser,
        ReinforcementConfig reinforcement,
        FeaturesConfig features,
        ReplayConfig replay,
        CheckpointConfig checkpoint,
        AnchorConfig anchor,
        PromotionConfig promotion,
        LimitsConfig limits) {
    private static final KeyTableBuilder<AdaptationConfig> KEYS = KeyTable.builder();

    static final Key<String> NAME = KEYS.required(
            "name",
            TextTypes.name(),
            AdaptationConfig::name,
            "name of the adaptation; together with a domain, it names a lane");
    static final Key<TaskKind> TASK = KEYS.required(
            "task",
            choice(TaskKind.class),
            AdaptationConfig::task,
            "what the model predicts, see [tasks.md](tasks.md)");
    static final Key<String> BASE = KEYS.required(
            "base",
            text(
                    "the name of a base model or the path of a manifest, at most 1000 printable characters",
                    text -> KeyText.isPrintable(text, 1000)),
            AdaptationConfig::base,
            "the base model: `minilm` is built in, others are added with `models add`. A value that contains a `/` or"
                    + " ends in `.yaml` or `.yml` is the path of a manifest, relative to the folder of this file");
    static final Key<List<String>> LABELS = KEYS.optional(
            "labels",
            ListType.of("a list of labels, none twice, or empty", text(200)),
            List.of(),
            AdaptationConfig::labels,
            "the allowed classes in the order of the logits, at least 2 if the task predicts one of them, each 1 to"
                    + " 200 printable characters; a sample with another label becomes a dead letter. If the list is empty,"
                    + " classes are added as new labels appear");
    static final Key<String> SOURCE = KEYS.withoutDefault(
            "source",
            text("1 to 200 characters without '/' and control characters", Lane::isDomain),
            values -> Optional.empty(),
            AdaptationConfig::source,
            "the domain whose champion new lanes start from; without it, lanes start untrained");

    /** Every key of an adaptation's file. */
    static final KeyTable<AdaptationConfig> TABLE = KEYS.group(HeadConfig.TABLE, AdaptationConfig::head)
            .group(TrainingConfig.TABLE, AdaptationConfig::training)
            .group(StrategyConfig.TABLE, AdaptationConfig::strategy)
            .group(OptimiserConfig.TABLE, AdaptationConfig::optimiser)
            .group(ReinforcementConfig.TABLE, AdaptationConfig::reinforcement)
            .group(FeaturesConfig.TABLE, AdaptationConfig::features)
            .group(ReplayConfig.TABLE, AdaptationConfig::replay)
            .group(CheckpointConfig.TABLE, AdaptationConfig::checkpoint)
            .group(AnchorConfig.TABLE, AdaptationConfig::anchor)
            .group(PromotionConfig.TABLE, AdaptationConfig::promotion)
            .group(LimitsConfig.TABLE, AdaptationConfig::limits)
            .rule(values -> labelsToKeep(values.get(LABELS), values.get(HeadConfig.OUTPUT_LAYER)))
            .rule(values -> oneLabel(values.get(TASK), values.get(LABELS)))
            .rule(values -> tooManyLabels(values.get(LABELS), values.get(LimitsConfig.CLASSES)))
            .rule(values ->
                    ReinforcementConfig.TABLE.from(values).breaches(values.get(TASK), AnchorConfig.TABLE.from(values)))
            .build(AdaptationConfig::from);

    public AdaptationConfig {
        labels = LABELS.check(List.copyOf(labels));
        NAME.check(name);
        BASE.check(base);
        if (source != null) {
            SOURCE.check(source);
        }
        Breach.refuse(labelsToKeep(labels, head.outputLayer()));
        Breach.refuse(oneLabel(task, labels));
        Breach.refuse(reinforcement.breaches(task, anchor));
        Breach.refuse(tooManyLabels(labels, limits.classes()));
    }

    private static AdaptationConfig from(KeyValues values) {
        return new AdaptationConfig(
                values.get(NAME),
                values.get(TASK),
                values.get(BASE),
                values.get(LABELS),
                values.find(SOURCE).orElse(null),
                HeadConfig.TABLE.from(values),
                TrainingConfig.TABLE.from(values),
                StrategyConfig.TABLE.from(values),
                OptimiserConfig.TABLE.from(values),
                ReinforcementConfig.TABLE.from(values),
                FeaturesConfig.TABLE.from(values),
                ReplayConfig.TABLE.from(values),
                CheckpointConfig.TABLE.from(values),
                AnchorConfig.TABLE.from(values),
                PromotionConfig.TABLE.from(values),
                LimitsConfig.TABLE.from(values));
    }

    /** An adaptation with the defaults of everything but the three keys that must be given. */
    public static AdaptationConfig of(String name, TaskKind task, String base) {
        return TABLE.from(KeyValues.none().with(NAME, name).with(TASK, task).with(BASE, base));
    }

    /** The task of a file, which decides some defaults; any where the file gives none, which is a fault of it. */
    static TaskKind task(KeyValues values) {
        return values.find(TASK).orElse(TaskKind.TEXT_CLASSIFICATION);
    }

    private static List<Breach> labelsToKeep(List<String> labels, OutputLayerChoice outputLayer) {
        return labels.isEmpty() && outputLayer == OutputLayerChoice.KEEP
                ? List.of(new Breach(
                        LABELS,
                        "labels must be those of the base model's manifest with head.output-layer keep, but are empty;"
                                + " list them or choose head.output-layer new"))
                : List.of();
    }

    private static List<Breach> oneLabel(TaskKind task, List<String> labels) {
        return labels.size() == 1 && task.choosesOneLabel()
                ? List.of(new Breach(
                        LABELS,
                        "labels must be at least 2 or none with task " + task.key() + ", but are only '" + labels.get(0)
                                + "'; list the other classes too"))
                : List.of();
    }

    private static List<Breach> tooManyLabels(List<String> labels, int classes) {
        return labels.size() > classes
                ? List.of(new Breach(
                        LABELS,
                        "labels must be at most limits.classes, which is " + classes + ", but are " + labels.size()
                                + "; raise limits.classes or list fewer"))
                : List.of();
    }

    /** The same adaptation of another base model. */
    public AdaptationConfig withBase(String other) {
        return TABLE.with(this, BASE, other);
    }

    /** The same adaptation with other classes allowed. */
    public AdaptationConfig withLabels(List<String> other) {
        return TABLE.with(this, LABELS, other);
    }

    /** The same adaptation with lanes that start from another domain; null for lanes that start untrained. */
    public AdaptationConfig withSource(@Nullable String other) {
        return TABLE.with(this, SOURCE, other);
    }

    /** The same adaptation with another head. */
    public AdaptationConfig withHead(HeadConfig other) {
        return TABLE.with(this, HeadConfig.TABLE, other);
    }

    /** The same adaptation with steps that learn in another way. */
    public AdaptationConfig withTraining(TrainingConfig other) {
        return TABLE.with(this, TrainingConfig.TABLE, other);
    }

    /** The same adaptation with another strategy. */
    public AdaptationConfig withStrategy(StrategyConfig other) {
        return TABLE.with(this, StrategyConfig.TABLE, other);
    }

    /** The same adaptation with another optimiser. */
    public AdaptationConfig withOptimiser(OptimiserConfig other) {
        return TABLE.with(this, OptimiserConfig.TABLE, other);
    }

    /** The same adaptation with a policy learned in another way. */
    public AdaptationConfig withReinforcement(ReinforcementConfig other) {
        return TABLE.with(this, ReinforcementConfig.TABLE, other);
    }

    /** The same adaptation with features in another format. */
    public AdaptationConfig withFeatures(FeaturesConfig other) {
        return TABLE.with(this, FeaturesConfig.TABLE, other);
    }

    /** The same adaptation with another replay. */
    public AdaptationConfig withReplay(ReplayConfig other) {
        return TABLE.with(this, ReplayConfig.TABLE, other);
    }

    /** The same adaptation with versions published at other times. */
    public AdaptationConfig withCheckpoint(CheckpointConfig other) {
        return TABLE.with(this, CheckpointConfig.TABLE, other);
    }

    /** The same adaptation with other anchor samples. */
    public AdaptationConfig withAnchor(AnchorConfig other) {
        return TABLE.with(this, AnchorConfig.TABLE, other);
    }

    /** The same adaptation with another rule of promotion. */
    public AdaptationConfig withPromotion(PromotionConfig other) {
        return TABLE.with(this, PromotionConfig.TABLE, other);
    }

    /** The same adaptation with other limits. */
    public AdaptationConfig withLimits(LimitsConfig other) {
        return TABLE.with(this, LimitsConfig.TABLE, other);
    }
}
