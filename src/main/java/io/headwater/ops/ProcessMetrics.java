package io.headwater.ops;

import io.headwater.engine.cache.FeatureMemory;
import io.headwater.engine.runtime.OnnxSession;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/** Metrics of what all adaptations of a process have in common. */
final class ProcessMetrics {
    private ProcessMetrics() {}

    /**
     * Adds the metrics of the adaptations of this process.
     *
     * @param running returns the number of those that run
     * @param refused returns the number of files that cannot be used
     */
    static void watch(MeterRegistry registry, IntSupplier running, IntSupplier refused) {
        Gauge.builder("headwater.adaptations", running::getAsInt)
                .description("Adaptations that run in this process")
                .register(registry);
        Gauge.builder("headwater.adaptations.refused", refused::getAsInt)
                .description("Files of adaptations that cannot be used")
                .register(registry);
        Gauge.builder("headwater.onnx.sessions", OnnxSession::count)
                .description("Models that ONNX Runtime holds in memory, each once for all that use it")
                .register(registry);
    }

    /** Adds the metrics of all feature caches. The registry holds {@code features} only weakly. */
    static void watch(MeterRegistry registry, FeatureMemory features) {
        tier(registry, "memory", features, FeatureMemory::hits, FeatureMemory::misses, FeatureMemory::bytes);
        tier(registry, "file", features, FeatureMemory::fileHits, FeatureMemory::fileMisses, FeatureMemory::fileBytes);
    }

    private static void tier(
            MeterRegistry registry,
            String tier,
            FeatureMemory features,
            ToDoubleFunction<FeatureMemory> hits,
            ToDoubleFunction<FeatureMemory> misses,
            ToDoubleFunction<FeatureMemory> bytes) {
        FunctionCounter.builder("headwater.features.hits", features, hits)
                .description("Lookups of features that were found in the cache")
                .tags("tier", tier)
                .register(registry);
        FunctionCounter.builder("headwater.features.misses", features, misses)
                .description("Lookups of features that were not found in the cache")
                .tags("tier", tier)
                .register(registry);
        Gauge.builder("headwater.features.bytes", features, bytes)
                .description("Size of the cached features")
                .tags("tier", tier)
                .register(registry);
    }
}
