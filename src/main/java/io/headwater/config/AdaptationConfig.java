package io.headwater.config;

import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TrainingConfig.RememberConfig;
import io.headwater.config.ask.AsksConfig;
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
 * Configuration of an adaptation: base model, task, labels, training and promotion rules. {@link AdaptationFile} reads
 * it from YAML; only {@code name}, {@code task} and {@code base} are required. A value outside its range causes an
 * {@link IllegalArgumentException} that names the key. In code, create it with {@link #of} and change it with the
 * methods whose names begin with "with".
 *
 * @param name of the adaptation: 1 to 100 letters, digits, '.', '_' or '-'
 * @param task the machine-learning task
 * @param base the name of a known base model, or the path of a base-model manifest
 * @param labels the only classes allowed, in the order of the logits, without duplicates; at least 2 when the task
 *     chooses one of them. Empty to add classes as they appear in samples, which is not possible when the output layer
 *     of the base model is kept
 * @param source the domain from whose champion new lanes start; null when every lane starts untrained
 * @param head the trainable head
 * @param training settings of a training step
 * @param strategy where the base model is cut, and when each part above the cut is trained
 * @param optimiser how gradients update the parameters
 * @param reinforcement how a policy is trained; has its default value for any other task
 * @param features how the features of the base model are stored
 * @param replay settings of the replay buffer
 * @param checkpoint when a version is published
 * @param guard settings of the guard set
 * @param promotion when a version serves
 * @param uncertainty the prediction sets and intervals, and when a prediction abstains
 * @param drift how changes of the stream are detected
 * @param asks which requests people should label
 * @param limits limits beyond which input is rejected
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
        GuardConfig guard,
        PromotionConfig promotion,
        UncertaintyConfig uncertainty,
        DriftConfig drift,
        AsksConfig asks,
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
            "the base model: `minilm`, `minilm-int8` and `e5-small-int8` are built in, others are added with `models add`. A value that contains a `/` or"
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

    /** All keys of an adaptation file. */
    static final KeyTable<AdaptationConfig> TABLE = KEYS.group(HeadConfig.TABLE, AdaptationConfig::head)
            .group(TrainingConfig.TABLE, AdaptationConfig::training)
            .group(StrategyConfig.TABLE, AdaptationConfig::strategy)
            .group(OptimiserConfig.TABLE, AdaptationConfig::optimiser)
            .group(ReinforcementConfig.TABLE, AdaptationConfig::reinforcement)
            .group(FeaturesConfig.TABLE, AdaptationConfig::features)
            .group(ReplayConfig.TABLE, AdaptationConfig::replay)
            .group(CheckpointConfig.TABLE, AdaptationConfig::checkpoint)
            .group(GuardConfig.TABLE, AdaptationConfig::guard)
            .group(PromotionConfig.TABLE, AdaptationConfig::promotion)
            .group(UncertaintyConfig.TABLE, AdaptationConfig::uncertainty)
            .group(DriftConfig.TABLE, AdaptationConfig::drift)
            .group(AsksConfig.TABLE, AdaptationConfig::asks)
            .group(LimitsConfig.TABLE, AdaptationConfig::limits)
            .formerly("anchor", "guard")
            .rule(values -> labelsToKeep(values.get(LABELS), values.get(HeadConfig.OUTPUT_LAYER)))
            .rule(values -> oneLabel(values.get(TASK), values.get(LABELS)))
            .rule(values -> tooManyLabels(values.get(LABELS), values.get(LimitsConfig.CLASSES)))
            .rule(values ->
                    ReinforcementConfig.TABLE.from(values).breaches(values.get(TASK), GuardConfig.TABLE.from(values)))
            .rule(values -> UncertaintyConfig.TABLE.from(values).breaches(values.get(TASK)))
            .rule(values -> asksOf(
                    values.get(TASK),
                    AsksConfig.TABLE.from(values),
                    values.get(HeadConfig.HIDDEN),
                    values.get(HeadConfig.LEARNS),
                    values.get(StrategyConfig.STRATEGY)))
            .rule(values -> RememberConfig.TABLE.from(values).breaches(values.get(TASK)))
            .rule(values -> TrainingConfig.breaches(
                    values.get(TrainingConfig.UNLABELLED),
                    values.get(TASK),
                    values.get(HeadConfig.HIDDEN),
                    values.get(HeadConfig.LEARNS),
                    values.get(StrategyConfig.STRATEGY)))
            .rule(values -> PromotionConfig.breaches(
                    values.get(PromotionConfig.NEW_DOMAINS),
                    values.get(HeadConfig.HIDDEN),
                    values.get(HeadConfig.LEARNS),
                    values.get(StrategyConfig.STRATEGY)))
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
        Breach.refuse(reinforcement.breaches(task, guard));
        Breach.refuse(tooManyLabels(labels, limits.classes()));
        Breach.refuse(uncertainty.breaches(task));
        Breach.refuse(asksOf(task, asks, head.hidden(), head.learns(), strategy.strategy()));
        Breach.refuse(training.gradients().remember().breaches(task));
        Breach.refuse(TrainingConfig.breaches(
                training.unlabelled(), task, head.hidden(), head.learns(), strategy.strategy()));
        Breach.refuse(
                PromotionConfig.breaches(promotion.newDomains(), head.hidden(), head.learns(), strategy.strategy()));
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
                GuardConfig.TABLE.from(values),
                PromotionConfig.TABLE.from(values),
                UncertaintyConfig.TABLE.from(values),
                DriftConfig.TABLE.from(values),
                AsksConfig.TABLE.from(values),
                LimitsConfig.TABLE.from(values));
    }

    /** Returns an adaptation with default values for everything except the three required keys. */
    public static AdaptationConfig of(String name, TaskKind task, String base) {
        return TABLE.from(KeyValues.none().with(NAME, name).with(TASK, task).with(BASE, base));
    }

    /**
     * Returns the task in {@code values}, on which some defaults depend. Without one, which is reported as a fault
     * elsewhere, it returns an arbitrary task.
     */
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

    private static List<Breach> asksOf(TaskKind task, AsksConfig asks, int hidden, Learns learns, Strategy strategy) {
        return asks.breaches(
                task.key(),
                task.hasProbabilities(),
                task.choosesOneLabel()
                        && hidden == 0
                        && learns != Learns.GRADIENT
                        && strategy == Strategy.LINEAR_PROBE);
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

    /** Returns a copy with another base model. */
    public AdaptationConfig withBase(String other) {
        return TABLE.with(this, BASE, other);
    }

    /** Returns a copy with other allowed classes. */
    public AdaptationConfig withLabels(List<String> other) {
        return TABLE.with(this, LABELS, other);
    }

    /** Returns a copy whose lanes start from another domain; null for lanes that start untrained. */
    public AdaptationConfig withSource(@Nullable String other) {
        return TABLE.with(this, SOURCE, other);
    }

    /** Returns a copy with another head. */
    public AdaptationConfig withHead(HeadConfig other) {
        return TABLE.with(this, HeadConfig.TABLE, other);
    }

    /** Returns a copy with other settings of the training step. */
    public AdaptationConfig withTraining(TrainingConfig other) {
        return TABLE.with(this, TrainingConfig.TABLE, other);
    }

    /** Returns a copy with another strategy. */
    public AdaptationConfig withStrategy(StrategyConfig other) {
        return TABLE.with(this, StrategyConfig.TABLE, other);
    }

    /** Returns a copy with another optimiser. */
    public AdaptationConfig withOptimiser(OptimiserConfig other) {
        return TABLE.with(this, OptimiserConfig.TABLE, other);
    }

    /** Returns a copy with other settings of reinforcement learning. */
    public AdaptationConfig withReinforcement(ReinforcementConfig other) {
        return TABLE.with(this, ReinforcementConfig.TABLE, other);
    }

    /** Returns a copy with features in another format. */
    public AdaptationConfig withFeatures(FeaturesConfig other) {
        return TABLE.with(this, FeaturesConfig.TABLE, other);
    }

    /** Returns a copy with other settings of the replay buffer. */
    public AdaptationConfig withReplay(ReplayConfig other) {
        return TABLE.with(this, ReplayConfig.TABLE, other);
    }

    /** Returns a copy with other settings of checkpoints. */
    public AdaptationConfig withCheckpoint(CheckpointConfig other) {
        return TABLE.with(this, CheckpointConfig.TABLE, other);
    }

    /** Returns a copy with other settings of the guard set. */
    public AdaptationConfig withGuard(GuardConfig other) {
        return TABLE.with(this, GuardConfig.TABLE, other);
    }

    /** Returns a copy with another promotion rule. */
    public AdaptationConfig withPromotion(PromotionConfig other) {
        return TABLE.with(this, PromotionConfig.TABLE, other);
    }

    /** Returns a copy with another coverage or another cost of abstaining. */
    public AdaptationConfig withUncertainty(UncertaintyConfig other) {
        return TABLE.with(this, UncertaintyConfig.TABLE, other);
    }

    /** Returns a copy with other detectors of changes. */
    public AdaptationConfig withDrift(DriftConfig other) {
        return TABLE.with(this, DriftConfig.TABLE, other);
    }

    /** Returns a copy with another budget for labels. */
    public AdaptationConfig withAsks(AsksConfig other) {
        return TABLE.with(this, AsksConfig.TABLE, other);
    }

    /** Returns a copy with other limits. */
    public AdaptationConfig withLimits(LimitsConfig other) {
        return TABLE.with(this, LimitsConfig.TABLE, other);
    }
}
