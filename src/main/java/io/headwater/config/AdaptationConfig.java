package io.headwater.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An adaptation: base model, task, labels, training and promotion rules. Read from YAML by {@link AdaptationFile}; only
 * {@code name}, {@code task} and {@code base} must be given. A value outside its range is an
 * {@link IllegalArgumentException} that names the key.
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

    public AdaptationConfig {
        labels = AdaptationKeys.LABELS.check(List.copyOf(labels));
        AdaptationKeys.NAME.check(name);
        AdaptationKeys.BASE.check(base);
        if (source != null) {
            AdaptationKeys.SOURCE.check(source);
        }
        Breach.refuse(breaches(task, labels, head));
        Breach.refuse(reinforcement.breaches(task, anchor));
        if (labels.size() > limits.classes()) {
            throw new IllegalArgumentException(AdaptationKeys.tooManyLabels(labels.size(), limits.classes()));
        }
    }

    /** An adaptation that learns no policy, or one by the default way. */
    public AdaptationConfig(
            String name,
            TaskKind task,
            String base,
            List<String> labels,
            @Nullable String source,
            HeadConfig head,
            TrainingConfig training,
            StrategyConfig strategy,
            OptimiserConfig optimiser,
            FeaturesConfig features,
            ReplayConfig replay,
            CheckpointConfig checkpoint,
            AnchorConfig anchor,
            PromotionConfig promotion,
            LimitsConfig limits) {
        this(
                name,
                task,
                base,
                labels,
                source,
                head,
                training,
                strategy,
                optimiser,
                ReinforcementConfig.DEFAULT,
                features,
                replay,
                checkpoint,
                anchor,
                promotion,
                limits);
    }

    static List<Breach> breaches(TaskKind task, List<String> labels, HeadConfig head) {
        if (labels.isEmpty() && head.outputLayer() == HeadConfig.OutputLayerChoice.KEEP) {
            return List.of(new Breach(
                    AdaptationKeys.LABELS,
                    "labels must be those of the base model's manifest with head.output-layer keep, but are empty;"
                            + " list them or choose head.output-layer new"));
        }
        return labels.size() == 1 && task.choosesOneLabel()
                ? List.of(new Breach(
                        AdaptationKeys.LABELS,
                        "labels must be at least 2 or none with task " + task.key() + ", but are only '" + labels.get(0)
                                + "'; list the other classes too"))
                : List.of();
    }

    /** An adaptation with the defaults of everything but the three keys that must be given. */
    public static AdaptationConfig of(String name, TaskKind task, String base) {
        return new AdaptationConfig(
                name,
                task,
                base,
                List.of(),
                null,
                HeadConfig.DEFAULT,
                TrainingConfig.of(task),
                StrategyConfig.DEFAULT,
                OptimiserConfig.DEFAULT,
                ReinforcementConfig.DEFAULT,
                FeaturesConfig.DEFAULT,
                ReplayConfig.of(task, StrategyConfig.DEFAULT),
                CheckpointConfig.of(task, StrategyConfig.DEFAULT),
                AnchorConfig.of(task, ReinforcementConfig.DEFAULT),
                PromotionConfig.DEFAULT,
                LimitsConfig.DEFAULT);
    }

    /** The same adaptation of another base model. */
    public AdaptationConfig withBase(String other) {
        return with(other, labels, head, strategy, optimiser, features);
    }

    /** The same adaptation with another head. */
    public AdaptationConfig withHead(HeadConfig other) {
        return with(base, labels, other, strategy, optimiser, features);
    }

    /** The same adaptation with another strategy. */
    public AdaptationConfig withStrategy(StrategyConfig other) {
        return with(base, labels, head, other, optimiser, features);
    }

    /** The same adaptation with another optimiser. */
    public AdaptationConfig withOptimiser(OptimiserConfig other) {
        return with(base, labels, head, strategy, other, features);
    }

    /** The same adaptation with features at rest in another way. */
    public AdaptationConfig withFeatures(FeaturesConfig other) {
        return with(base, labels, head, strategy, optimiser, other);
    }

    /** The same adaptation with a policy learned in another way. */
    public AdaptationConfig withReinforcement(ReinforcementConfig other) {
        return new AdaptationConfig(
                name,
                task,
                base,
                labels,
                source,
                head,
                training,
                strategy,
                optimiser,
                other,
                features,
                replay,
                checkpoint,
                anchor,
                promotion,
                limits);
    }

    /** The same adaptation with other classes allowed. */
    public AdaptationConfig withLabels(List<String> other) {
        return with(base, other, head, strategy, optimiser, features);
    }

    private AdaptationConfig with(
            String otherBase,
            List<String> otherLabels,
            HeadConfig otherHead,
            StrategyConfig otherStrategy,
            OptimiserConfig otherOptimiser,
            FeaturesConfig otherFeatures) {
        return new AdaptationConfig(
                name,
                task,
                otherBase,
                otherLabels,
                source,
                otherHead,
                training,
                otherStrategy,
                otherOptimiser,
                reinforcement,
                otherFeatures,
                replay,
                checkpoint,
                anchor,
                promotion,
                limits);
    }
}
