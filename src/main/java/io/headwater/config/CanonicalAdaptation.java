package io.headwater.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the canonical text of an adaptation. */
final class CanonicalAdaptation {
    /** The fast writer gives the shortest decimal on every JDK; {@code Double.toString} does so only from 19 on. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Map<String, @Nullable Object> root = new TreeMap<>();

    private CanonicalAdaptation() {}

    static String write(AdaptationConfig config) {
        CanonicalAdaptation canonical = new CanonicalAdaptation();
        canonical.putAll(config);
        try {
            return JSON.writeValueAsString(canonical.root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, texts and numbers can always be written as JSON", e);
        }
    }

    private void putAll(AdaptationConfig config) {
        put(AdaptationKeys.NAME, config.name());
        put(AdaptationKeys.TASK, config.task());
        put(AdaptationKeys.BASE, config.base());
        put(AdaptationKeys.LABELS, config.labels());
        put(AdaptationKeys.SOURCE, config.source());
        put(AdaptationKeys.HIDDEN, config.head().hidden());
        put(AdaptationKeys.OUTPUT_LAYER, config.head().outputLayer());
        put(AdaptationKeys.BEAM_WIDTH, config.head().beamWidth());
        put(AdaptationKeys.BATCH_SIZE, config.training().batchSize());
        put(AdaptationKeys.LEARNING_RATE, config.training().learningRate());
        put(AdaptationKeys.LABEL_SMOOTHING, config.training().labelSmoothing());
        put(AdaptationKeys.CLASS_WEIGHTS, config.training().classWeights());
        put(AdaptationKeys.SEED, config.training().seed());
        putStrategy(config.strategy());
        putOptimiser(config.optimiser());
        put(AdaptationKeys.ALGORITHM, config.reinforcement().algorithm());
        put(AdaptationKeys.DISCOUNT, config.reinforcement().discount());
        put(AdaptationKeys.N_STEP, config.reinforcement().nStep());
        put(AdaptationKeys.TARGET_STEPS, config.reinforcement().targetSteps());
        put(AdaptationKeys.HUBER_DELTA, config.reinforcement().huberDelta());
        put(AdaptationKeys.PRECISION, config.features().precision());
        put(AdaptationKeys.CAPACITY, config.replay().capacity());
        put(AdaptationKeys.PER_STEP, config.replay().perStep());
        put(AdaptationKeys.STEPS, config.checkpoint().steps());
        put(AdaptationKeys.INTERVAL, config.checkpoint().interval());
        put(AdaptationKeys.LINGER, config.checkpoint().linger());
        put(AdaptationKeys.SAMPLES, config.anchor().samples());
        put(AdaptationKeys.EVERY, config.anchor().every());
        put(AdaptationKeys.MINIMUM_SAMPLES, config.promotion().minimumSamples());
        put(AdaptationKeys.MARGIN, config.promotion().margin());
        put(AdaptationKeys.ANCHOR_DROP, config.promotion().anchorDrop());
        put(AdaptationKeys.TEXT_BYTES, config.limits().textBytes());
        put(AdaptationKeys.IMAGE_BYTES, config.limits().imageBytes());
        put(AdaptationKeys.IMAGE_PIXELS, config.limits().imagePixels());
        put(AdaptationKeys.AUDIO_BYTES, config.limits().audioBytes());
        put(AdaptationKeys.AUDIO_SECONDS, config.limits().audioSeconds());
        put(AdaptationKeys.CLASSES, config.limits().classes());
    }

    private void putStrategy(StrategyConfig strategy) {
        put(AdaptationKeys.CUT, strategy.cut());
        put(AdaptationKeys.STRATEGY, strategy.strategy());
        put(AdaptationKeys.UNFREEZE, strategy.unfreeze());
        put(AdaptationKeys.PHASE_BY, strategy.phaseBy());
        put(AdaptationKeys.PHASE_STEPS, strategy.phaseSteps());
        put(AdaptationKeys.PARAMETERS, strategy.top().parameters());
        put(AdaptationKeys.LORA_RANK, strategy.top().loraRank());
        put(AdaptationKeys.LORA_ALPHA, strategy.top().loraAlpha());
        put(AdaptationKeys.DROPOUT, strategy.top().dropout());
        put(AdaptationKeys.SCALAR_MIX, strategy.top().scalarMix());
        put(AdaptationKeys.BATCH_NORM, strategy.top().batchNorm());
    }

    private void putOptimiser(OptimiserConfig optimiser) {
        put(AdaptationKeys.UPDATER, optimiser.updater());
        put(AdaptationKeys.MOMENTUM, optimiser.momentum());
        put(AdaptationKeys.WEIGHT_DECAY, optimiser.weightDecay());
        put(AdaptationKeys.SCHEDULE, optimiser.schedule());
        put(AdaptationKeys.WARM_UP_STEPS, optimiser.warmUpSteps());
        put(AdaptationKeys.SCHEDULE_STEPS, optimiser.scheduleSteps());
        put(AdaptationKeys.CLIP_NORM, optimiser.clipNorm());
        put(AdaptationKeys.TOP_RATE, optimiser.topRate());
        put(AdaptationKeys.LAYER_DECAY, optimiser.layerDecay());
        put(AdaptationKeys.L2_SP, optimiser.l2Sp());
    }

    private <T> void put(Key<T> key, @Nullable T value) {
        int dot = key.path().indexOf('.');
        if (dot < 0) {
            root.put(key.path(), plain(value));
        } else {
            section(key.path().substring(0, dot)).put(key.path().substring(dot + 1), plain(value));
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, @Nullable Object> section(String name) {
        return (Map<String, @Nullable Object>) root.computeIfAbsent(name, absent -> new TreeMap<String, Object>());
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            return Texts.kebab(constant);
        }
        return value instanceof Duration duration ? duration.toString() : value;
    }
}
