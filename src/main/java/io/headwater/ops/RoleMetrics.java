package io.headwater.ops;

import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Device;
import io.headwater.engine.device.Devices;
import io.headwater.predictor.PredictorListener;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of the trainer and the predictor. Names begin with {@code headwater.}; tags are lane and reason, never free
 * text.
 */
public final class RoleMetrics implements TrainerListener, PredictorListener {
    private final MeterRegistry registry;
    private final Map<String, AtomicLong> gauges = new ConcurrentHashMap<>();

    /** Creates metrics in {@code registry}. */
    public RoleMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Adds gauges for parts that do not run on the requested GPU, and metrics of the feature cache. */
    void watch(AdaptationRuntime runtime) {
        watch(runtime.devices(), runtime.cache());
    }

    void watch(Devices devices, FeatureCache cache) {
        fallback("backbone", devices.onnxRuntime());
        fallback("head", devices.nd4j());
        tier("memory", cache, FeatureCache::memoryHits, FeatureCache::memoryMisses, FeatureCache::bytes);
        tier("file", cache, FeatureCache::fileHits, FeatureCache::fileMisses, FeatureCache::fileBytes);
    }

    private void fallback(String part, Device device) {
        registry.gauge("headwater.device.fallback", Tags.of("part", part), device, one -> one.isFallback() ? 1 : 0);
    }

    private void tier(
            String tier,
            FeatureCache cache,
            ToDoubleFunction<FeatureCache> hits,
            ToDoubleFunction<FeatureCache> misses,
            ToDoubleFunction<FeatureCache> bytes) {
        registry.more().counter("headwater.features.hits", Tags.of("tier", tier), cache, hits);
        registry.more().counter("headwater.features.misses", Tags.of("tier", tier), cache, misses);
        registry.gauge("headwater.features.bytes", Tags.of("tier", tier), cache, bytes);
    }

    @Override
    public void polled(int records) {
        registry.counter("headwater.trainer.records").increment(records);
    }

    @Override
    public void rejected(Rejection rejection) {
        registry.counter("headwater.dead.letters", "reason", rejection.reason().name())
                .increment();
    }

    @Override
    public void foreign(String topic) {
        registry.counter("headwater.foreign.records", "topic", topic).increment();
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        registry.counter("headwater.trainer.steps", "lane", lane.key()).increment();
        registry.counter("headwater.trainer.samples", "lane", lane.key())
                .increment(report.scores().size());
        prequential(lane, report.scores());
        if (!Double.isNaN(report.loss())) {
            registry.summary("headwater.trainer.loss", "lane", lane.key()).record(report.loss());
        }
    }

    @Override
    public void skipped(Lane lane, List<SampleScores> scores) {
        registry.counter("headwater.trainer.skipped", "lane", lane.key()).increment(scores.size());
        prequential(lane, scores);
    }

    private void prequential(Lane lane, List<SampleScores> scores) {
        Counter right = registry.counter("headwater.prequential.correct", "lane", lane.key());
        scores.forEach(one -> right.increment(one.championScore()));
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        registry.counter("headwater.trainer.checkpoints").increment();
        checkpoint
                .versions()
                .forEach(version -> registry.counter(
                                "headwater.versions",
                                "lane",
                                version.ref().lane().key())
                        .increment());
        checkpoint.drifts().forEach(this::drift);
        checkpoint.evaluations().forEach(this::evaluated);
        checkpoint.servings().forEach(this::serve);
    }

    private void drift(DriftSignal drift) {
        Tags tags = Tags.of(
                "lane",
                drift.lane().key(),
                "detector",
                drift.detector(),
                "level",
                drift.level().name().toLowerCase(Locale.ROOT));
        registry.counter("headwater.drift.signals", tags).increment();
    }

    private void evaluated(Evaluation evaluation) {
        switch (evaluation.kind()) {
            case ROLLED_BACK -> count("headwater.rollbacks", evaluation.lane());
            case STALLED -> gauge("headwater.lane.stalled", evaluation.lane()).set(1);
            case VETOED -> count("headwater.vetoes", evaluation.lane());
            case LOST -> count("headwater.lane.losses", evaluation.lane());
            case PREQUENTIAL, PROMOTED, REJECTED -> {}
        }
    }

    private void count(String name, Lane lane) {
        registry.counter(name, "lane", lane.key()).increment();
    }

    private void serve(Lane lane, Serving serving) {
        long version = serving.version().number();
        AtomicLong stalled = gauge("headwater.lane.stalled", lane);
        if (gauge("headwater.serving.version", lane).getAndSet(version) != version) {
            stalled.set(0);
        }
    }

    @Override
    public void withdrawn(Lane lane) {
        gauge("headwater.serving.version", lane).set(0);
    }

    @Override
    public void swapped(Lane lane, Serving serving) {
        gauge("headwater.predictor.version", lane).set(serving.version().number());
    }

    /**
     * Returns a gauge. The registry has only weak references to the values of gauges, so this object keeps strong ones.
     */
    private AtomicLong gauge(String name, Lane lane) {
        return gauges.computeIfAbsent(
                name + ' ' + lane, key -> registry.gauge(name, Tags.of("lane", lane.key()), new AtomicLong()));
    }

    @Override
    public void answered(int predictions) {
        registry.counter("headwater.predictor.predictions").increment(predictions);
    }

    @Override
    public void recovering(Exception cause) {
        registry.counter("headwater.recoveries").increment();
    }
}
