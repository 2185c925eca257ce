package io.headwater.config;

import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig.Strategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads an adaptation from YAML, as {@code docs/configuration.md} describes it. */
public final class AdaptationFile {
    private AdaptationFile() {}

    /**
     * The adaptation in {@code file}. Where its {@code base} is a relative path, it becomes absolute, from the file's
     * folder.
     *
     * @throws ConfigurationException with everything that is wrong with it
     */
    public static AdaptationConfig read(Path file) {
        AdaptationConfig config = parse(file.toString(), ConfigurationFiles.read(file));
        if (!BaseModelFile.isPath(config.base())) {
            return config;
        }
        Path base = ConfigurationFiles.folder(file).resolve(config.base()).normalize();
        return config.withBase(base.toString());
    }

    /**
     * The adaptation written as {@code yaml}; its {@code base} stays as it is written.
     *
     * @param name of the file, for messages
     * @throws ConfigurationException with everything that is wrong with it
     */
    public static AdaptationConfig parse(String name, String yaml) {
        YamlValues values = new YamlValues(YamlDocument.parse(name, yaml));
        Optional<String> adaptation = values.require(AdaptationKeys.NAME);
        Optional<TaskKind> task = values.require(AdaptationKeys.TASK);
        Optional<String> base = values.require(AdaptationKeys.BASE);
        List<String> labels = values.get(AdaptationKeys.LABELS, List.of());
        Optional<String> source = values.find(AdaptationKeys.SOURCE);
        TaskKind kind = task.orElse(TaskKind.TEXT_CLASSIFICATION);
        HeadConfig head = head(values, HeadConfig.DEFAULT, kind, labels);
        TrainingConfig training = training(values, TrainingConfig.of(kind));
        StrategyConfig strategy = strategy(values, StrategyConfig.DEFAULT);
        OptimiserConfig optimiser = optimiser(values, OptimiserConfig.DEFAULT);
        ReinforcementConfig reinforcement = reinforcement(values, ReinforcementConfig.DEFAULT);
        FeaturesConfig features =
                new FeaturesConfig(values.get(AdaptationKeys.PRECISION, FeaturesConfig.DEFAULT.precision()));
        ReplayConfig replay = replay(values, ReplayConfig.of(kind, strategy));
        CheckpointConfig checkpoint = checkpoint(values, CheckpointConfig.of(kind, strategy));
        AnchorConfig anchor = anchor(values, AnchorConfig.of(kind, reinforcement));
        if (task.isPresent()) {
            keeps(values, reinforcement.breaches(kind, anchor));
        }
        PromotionConfig promotion = new PromotionConfig(
                values.get(AdaptationKeys.MINIMUM_SAMPLES, PromotionConfig.DEFAULT.minimumSamples()),
                values.get(AdaptationKeys.MARGIN, PromotionConfig.DEFAULT.margin()),
                values.get(AdaptationKeys.ANCHOR_DROP, PromotionConfig.DEFAULT.anchorDrop()));
        LimitsConfig limits = limits(values, LimitsConfig.DEFAULT);
        if (labels.size() > limits.classes()) {
            values.fault(AdaptationKeys.LABELS, AdaptationKeys.tooManyLabels(labels.size(), limits.classes()));
        }
        return values.finish(() -> new AdaptationConfig(
                adaptation.orElseThrow(),
                task.orElseThrow(),
                base.orElseThrow(),
                labels,
                source.orElse(null),
                head,
                training,
                strategy,
                optimiser,
                reinforcement,
                features,
                replay,
                checkpoint,
                anchor,
                promotion,
                limits));
    }

    private static HeadConfig head(YamlValues values, HeadConfig otherwise, TaskKind task, List<String> labels) {
        int hidden = values.get(AdaptationKeys.HIDDEN, otherwise.hidden());
        OutputLayerChoice outputLayer = values.get(AdaptationKeys.OUTPUT_LAYER, otherwise.outputLayer());
        int beamWidth = values.get(AdaptationKeys.BEAM_WIDTH, otherwise.beamWidth());
        if (!keeps(values, HeadConfig.breaches(hidden, outputLayer))) {
            return otherwise;
        }
        HeadConfig head = new HeadConfig(hidden, outputLayer, beamWidth);
        return keeps(values, AdaptationConfig.breaches(task, labels, head)) ? head : otherwise;
    }

    private static ReinforcementConfig reinforcement(YamlValues values, ReinforcementConfig otherwise) {
        return new ReinforcementConfig(
                values.get(AdaptationKeys.ALGORITHM, otherwise.algorithm()),
                values.get(AdaptationKeys.DISCOUNT, otherwise.discount()),
                values.get(AdaptationKeys.N_STEP, otherwise.nStep()),
                values.get(AdaptationKeys.TARGET_STEPS, otherwise.targetSteps()),
                values.get(AdaptationKeys.HUBER_DELTA, otherwise.huberDelta()));
    }

    private static AnchorConfig anchor(YamlValues values, AnchorConfig otherwise) {
        return new AnchorConfig(
                values.get(AdaptationKeys.SAMPLES, otherwise.samples()),
                values.get(AdaptationKeys.EVERY, otherwise.every()));
    }

    private static ReplayConfig replay(YamlValues values, ReplayConfig otherwise) {
        return new ReplayConfig(
                values.get(AdaptationKeys.CAPACITY, otherwise.capacity()),
                values.get(AdaptationKeys.PER_STEP, otherwise.perStep()));
    }

    private static CheckpointConfig checkpoint(YamlValues values, CheckpointConfig otherwise) {
        return new CheckpointConfig(
                values.get(AdaptationKeys.STEPS, otherwise.steps()),
                values.get(AdaptationKeys.INTERVAL, otherwise.interval()),
                values.get(AdaptationKeys.LINGER, otherwise.linger()));
    }

    private static TrainingConfig training(YamlValues values, TrainingConfig otherwise) {
        return new TrainingConfig(
                values.get(AdaptationKeys.BATCH_SIZE, otherwise.batchSize()),
                values.get(AdaptationKeys.LEARNING_RATE, otherwise.learningRate()),
                values.get(AdaptationKeys.LABEL_SMOOTHING, otherwise.labelSmoothing()),
                values.get(AdaptationKeys.CLASS_WEIGHTS, otherwise.classWeights()),
                values.get(AdaptationKeys.SEED, otherwise.seed()));
    }

    private static StrategyConfig strategy(YamlValues values, StrategyConfig otherwise) {
        String cut = values.get(AdaptationKeys.CUT, otherwise.cut());
        Strategy strategy = values.get(AdaptationKeys.STRATEGY, otherwise.strategy());
        int unfreeze = values.get(AdaptationKeys.UNFREEZE, otherwise.unfreeze());
        TopConfig top = top(values, otherwise.top());
        boolean whole = keeps(values, StrategyConfig.breaches(cut, strategy, unfreeze, top));
        return new StrategyConfig(
                whole ? cut : otherwise.cut(),
                whole ? strategy : otherwise.strategy(),
                whole ? unfreeze : otherwise.unfreeze(),
                values.get(AdaptationKeys.PHASE_BY, otherwise.phaseBy()),
                values.get(AdaptationKeys.PHASE_STEPS, otherwise.phaseSteps()),
                whole ? top : otherwise.top());
    }

    private static TopConfig top(YamlValues values, TopConfig otherwise) {
        return new TopConfig(
                values.get(AdaptationKeys.PARAMETERS, otherwise.parameters()),
                values.get(AdaptationKeys.LORA_RANK, otherwise.loraRank()),
                values.get(AdaptationKeys.LORA_ALPHA, otherwise.loraAlpha()),
                values.get(AdaptationKeys.DROPOUT, otherwise.dropout()),
                values.get(AdaptationKeys.SCALAR_MIX, otherwise.scalarMix()),
                values.get(AdaptationKeys.BATCH_NORM, otherwise.batchNorm()));
    }

    private static OptimiserConfig optimiser(YamlValues values, OptimiserConfig otherwise) {
        Updater updater = values.get(AdaptationKeys.UPDATER, otherwise.updater());
        double weightDecay = values.get(AdaptationKeys.WEIGHT_DECAY, otherwise.weightDecay());
        Schedule schedule = values.get(AdaptationKeys.SCHEDULE, otherwise.schedule());
        int warmUpSteps = values.get(AdaptationKeys.WARM_UP_STEPS, otherwise.warmUpSteps());
        boolean whole = keeps(values, OptimiserConfig.breaches(updater, weightDecay, schedule, warmUpSteps));
        return new OptimiserConfig(
                whole ? updater : otherwise.updater(),
                values.get(AdaptationKeys.MOMENTUM, otherwise.momentum()),
                whole ? weightDecay : otherwise.weightDecay(),
                whole ? schedule : otherwise.schedule(),
                whole ? warmUpSteps : otherwise.warmUpSteps(),
                values.get(AdaptationKeys.SCHEDULE_STEPS, otherwise.scheduleSteps()),
                values.get(AdaptationKeys.CLIP_NORM, otherwise.clipNorm()),
                values.get(AdaptationKeys.TOP_RATE, otherwise.topRate()),
                values.get(AdaptationKeys.LAYER_DECAY, otherwise.layerDecay()),
                values.get(AdaptationKeys.L2_SP, otherwise.l2Sp()));
    }

    /** Whether there are no breaches; those that there are become faults. */
    private static boolean keeps(YamlValues values, List<Breach> breaches) {
        breaches.forEach(breach -> values.fault(breach.key(), breach.message()));
        return breaches.isEmpty();
    }

    private static LimitsConfig limits(YamlValues values, LimitsConfig otherwise) {
        return new LimitsConfig(
                values.get(AdaptationKeys.TEXT_BYTES, otherwise.textBytes()),
                values.get(AdaptationKeys.IMAGE_BYTES, otherwise.imageBytes()),
                values.get(AdaptationKeys.IMAGE_PIXELS, otherwise.imagePixels()),
                values.get(AdaptationKeys.AUDIO_BYTES, otherwise.audioBytes()),
                values.get(AdaptationKeys.AUDIO_SECONDS, otherwise.audioSeconds()),
                values.get(AdaptationKeys.CLASSES, otherwise.classes()));
    }

    /**
     * The one text that stands for {@code config}: JSON with every key explicit, keys sorted, times as ISO 8601, ASCII
     * only. Equal configurations have equal texts on every platform, so its digest names the configuration. It is YAML
     * too, and itself a file of the adaptation.
     */
    public static String canonical(AdaptationConfig config) {
        return CanonicalAdaptation.write(config);
    }

    /**
     * The adaptation whose {@link #canonical} text is {@code text}. A key that an older release did not write has its
     * default.
     *
     * @throws ConfigurationException when it is something else
     */
    public static AdaptationConfig parseCanonical(String text) {
        return parse("canonical configuration", text);
    }
}
