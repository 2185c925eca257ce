package io.headwater.config;

import java.time.Duration;
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
        if (labels.isEmpty() && head.outputLayer() == OutputLayer.KEEP) {
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

    /**
     * The trainable part.
     *
     * @param hidden width of the one hidden layer, 0 to 8192; 0 for a softmax layer alone, as it must be where the output
     *     layer is kept
     * @param outputLayer what the output layer begins as
     * @param beamWidth prefixes that are kept from frame to frame where a transcript is read, 1 to 1000; 1 to read the
     *     likeliest symbol of each frame
     */
    public record HeadConfig(int hidden, OutputLayer outputLayer, int beamWidth) {
        public HeadConfig {
            AdaptationKeys.HIDDEN.check(hidden);
            AdaptationKeys.BEAM_WIDTH.check(beamWidth);
            Breach.refuse(breaches(hidden, outputLayer));
        }

        /** A head that reads transcripts frame by frame. */
        public HeadConfig(int hidden, OutputLayer outputLayer) {
            this(hidden, outputLayer, 1);
        }

        /** A head with a new output layer. */
        public HeadConfig(int hidden) {
            this(hidden, OutputLayer.NEW);
        }

        static List<Breach> breaches(int hidden, OutputLayer outputLayer) {
            return hidden > 0 && outputLayer == OutputLayer.KEEP
                    ? List.of(new Breach(
                            AdaptationKeys.HIDDEN,
                            "head.hidden must be 0 with head.output-layer keep, which reads the features themselves, but is "
                                    + hidden + "; leave it out or choose head.output-layer new"))
                    : List.of();
        }

        /** A softmax layer alone. */
        public static final HeadConfig DEFAULT = new HeadConfig(0);
    }

    /** What the output layer begins as. */
    public enum OutputLayer {
        /** Zeros: every class is equally probable. */
        NEW,
        /** That of the base model, whose classes are those of the adaptation. */
        KEEP
    }

    /**
     * How a step learns.
     *
     * @param batchSize new samples a step, 1 to 4096
     * @param learningRate of the optimiser, above 0 and at most 1
     * @param labelSmoothing share of the target spread over all classes, 0 to below 1 (Szegedy et al. 2016)
     * @param classWeights how classes count in the loss
     * @param seed of everything random; not 0
     */
    public record TrainingConfig(
            int batchSize, double learningRate, double labelSmoothing, ClassWeights classWeights, long seed) {
        public TrainingConfig {
            AdaptationKeys.BATCH_SIZE.check(batchSize);
            AdaptationKeys.LEARNING_RATE.check(learningRate);
            AdaptationKeys.LABEL_SMOOTHING.check(labelSmoothing);
            AdaptationKeys.SEED.check(seed);
        }

        /** Steps of 16 new samples. */
        public static final TrainingConfig DEFAULT = new TrainingConfig(16, 0.003, 0.0, ClassWeights.NONE, 1);

        /** Larger steps: a number is right only when weights have come all the way, a class as soon as it leads. */
        public static final TrainingConfig NUMBERS = new TrainingConfig(16, 0.02, 0.0, ClassWeights.NONE, 1);

        /** The default of {@code task}. */
        public static TrainingConfig of(TaskKind task) {
            return task == TaskKind.REGRESSION ? NUMBERS : DEFAULT;
        }
    }

    /** How classes count in the loss. */
    public enum ClassWeights {
        /** All samples count alike. */
        NONE,
        /** Rare classes count more: weight = samples / (classes × samples of the class), from all samples so far. */
        BALANCED
    }

    /**
     * What is remembered.
     *
     * @param capacity features kept, 0 to 100000; 0 for none
     * @param perStep remembered features that join the new samples of a step, 0 to 4096
     */
    public record ReplayConfig(int capacity, int perStep) {
        public ReplayConfig {
            AdaptationKeys.CAPACITY.check(capacity);
            AdaptationKeys.PER_STEP.check(perStep);
        }

        /** 2,000 features, 112 a step: seven remembered for each new one. */
        public static final ReplayConfig DEFAULT = new ReplayConfig(2000, 112);

        /** 500 features, 16 a step: what an unfrozen top reads is larger by far, and so is the work of a step. */
        public static final ReplayConfig UNFROZEN = new ReplayConfig(500, 16);

        /** 50 contexts, 8 a step: each has features of hundreds of tokens. */
        public static final ReplayConfig CONTEXTS = new ReplayConfig(50, 8);

        /** 10,000 transitions, 64 a step: the newest ones are much alike (Lin 1992). */
        public static final ReplayConfig TRANSITIONS = new ReplayConfig(10_000, 64);

        /** The default of {@code task} with {@code strategy}. */
        public static ReplayConfig of(TaskKind task, StrategyConfig strategy) {
            if (task == TaskKind.REINFORCEMENT_LEARNING) {
                return TRANSITIONS;
            }
            if (task == TaskKind.QUESTION_ANSWERING) {
                return CONTEXTS;
            }
            return strategy.unfreezes() || task.saysOfEveryToken() ? UNFROZEN : DEFAULT;
        }
    }

    /**
     * When a version is published: whichever comes first.
     *
     * @param steps after so many steps of a partition, 1 to 1000000
     * @param interval after so long with something learned and not yet published, 1 ms to 24 h
     * @param linger an incomplete step is learned after so long without enough samples for it, 0 to 24 h
     */
    public record CheckpointConfig(int steps, Duration interval, Duration linger) {
        public CheckpointConfig {
            AdaptationKeys.STEPS.check(steps);
            AdaptationKeys.INTERVAL.check(interval);
            AdaptationKeys.LINGER.check(linger);
        }

        /** 50 steps, 500 ms, 100 ms. */
        public static final CheckpointConfig DEFAULT =
                new CheckpointConfig(50, Duration.ofMillis(500), Duration.ofMillis(100));

        /** 200 steps, 30 s, 100 ms: a version of an unfrozen top is larger by far. */
        public static final CheckpointConfig UNFROZEN =
                new CheckpointConfig(200, Duration.ofSeconds(30), Duration.ofMillis(100));

        /** 200 steps, 5 s, 100 ms: a version keeps its transitions, and those that play want new ones soon. */
        public static final CheckpointConfig TRANSITIONS =
                new CheckpointConfig(200, Duration.ofSeconds(5), Duration.ofMillis(100));

        /** The default with {@code strategy}. */
        public static CheckpointConfig of(TaskKind task, StrategyConfig strategy) {
            if (task == TaskKind.REINFORCEMENT_LEARNING) {
                return TRANSITIONS;
            }
            return strategy.unfreezes() || task.saysOfEveryToken() ? UNFROZEN : DEFAULT;
        }
    }

    /**
     * What must not be forgotten: samples of the lane's first domain that are scored and never trained on.
     *
     * @param samples kept, 0 to 100000; 0 for none, and then lanes that start from a source take its weights alone, not
     *     its memory
     * @param every n-th sample of a lane without a source is kept, until there are enough; 2 to 1000
     */
    public record AnchorConfig(int samples, int every) {
        public AnchorConfig {
            AdaptationKeys.SAMPLES.check(samples);
            AdaptationKeys.EVERY.check(every);
        }

        /** 64 samples, each eighth. */
        public static final AnchorConfig DEFAULT = new AnchorConfig(64, 8);

        /** None. */
        public static final AnchorConfig NONE = new AnchorConfig(0, 8);

        /** The default of {@code task}: none where what is right changes with what is learned. */
        public static AnchorConfig of(TaskKind task, ReinforcementConfig reinforcement) {
            return task == TaskKind.REINFORCEMENT_LEARNING
                            && reinforcement.algorithm() == ReinforcementConfig.Algorithm.DOUBLE_DQN
                    ? NONE
                    : DEFAULT;
        }
    }

    /**
     * When a challenger becomes champion.
     *
     * @param minimumSamples compared before the gate decides, 1 to 100000
     * @param margin accuracy by which it may be worse on identical samples, 0 to 1
     * @param anchorDrop accuracy by which it may fall on the anchor set below the best champion, 0 to 1
     */
    public record PromotionConfig(int minimumSamples, double margin, double anchorDrop) {
        public PromotionConfig {
            AdaptationKeys.MINIMUM_SAMPLES.check(minimumSamples);
            AdaptationKeys.MARGIN.check(margin);
            AdaptationKeys.ANCHOR_DROP.check(anchorDrop);
        }

        /** 8 samples, 2 points, 5 points. */
        public static final PromotionConfig DEFAULT = new PromotionConfig(8, 0.02, 0.05);
    }

    /**
     * What is refused before it costs memory or time.
     *
     * @param textBytes of UTF-8, 1 to 10 MiB
     * @param imageBytes of the encoded file, 1 to 64 MiB
     * @param imagePixels width × height, 1 to 100 million
     * @param audioBytes of the encoded file or the raw samples, 1 to 64 MiB
     * @param audioSeconds that a sound may last, 1 to 600
     * @param classes of one lane, 2 to 100000
     */
    public record LimitsConfig(
            int textBytes, int imageBytes, long imagePixels, int audioBytes, int audioSeconds, int classes) {
        public LimitsConfig {
            AdaptationKeys.TEXT_BYTES.check(textBytes);
            AdaptationKeys.IMAGE_BYTES.check(imageBytes);
            AdaptationKeys.IMAGE_PIXELS.check(imagePixels);
            AdaptationKeys.AUDIO_BYTES.check(audioBytes);
            AdaptationKeys.AUDIO_SECONDS.check(audioSeconds);
            AdaptationKeys.CLASSES.check(classes);
        }

        /** 64 KiB of text, 8 MiB of image, 25 million pixels, 8 MiB or 60 seconds of sound, 1,000 classes. */
        public static final LimitsConfig DEFAULT =
                new LimitsConfig(64 * 1024, 8 * 1024 * 1024, 25_000_000L, 8 * 1024 * 1024, 60, 1000);
    }
}
