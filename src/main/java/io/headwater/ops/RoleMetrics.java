package io.headwater.ops;

import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.engine.RunTimes;
import io.headwater.engine.device.Device;
import io.headwater.engine.device.Devices;
import io.headwater.featurizer.FeaturizerListener;
import io.headwater.intake.ahead.AheadListener;
import io.headwater.intake.ahead.AheadListener.Missing;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.OnlineListener;
import io.headwater.predictor.PredictorListener;
import io.headwater.streams.JoinEvent;
import io.headwater.streams.StreamsListener;
import io.headwater.trainer.Backlog;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of the roles of an adaptation. Names begin with {@code headwater.}; tags are adaptation, lane and
 * reason, never free text. Metrics without a lane are there from the start, so that an alert on them can tell 0 from nothing.
 * Only the first {@value #MOST_LANES} lanes of a process, and the first {@value #ASSURED_LANES} of each adaptation, have metrics of
 * their own; all others share those of the lane {@value #OTHER}, so that no producer can fill a monitoring system by inventing
 * domains.
 */
public final class RoleMetrics
        implements TrainerListener,
                PredictorListener,
                StreamsListener,
                FeaturizerListener,
                AheadListener,
                OnlineListener {
    static final int MOST_LANES = 500;
    static final int ASSURED_LANES = 20;
    static final String OTHER = "other";

    private static final String ADAPTATION = "adaptation";
    private static final double MILLISECONDS = 1000;
    private static final String LANE = "lane";
    private static final String REASON = "reason";

    private final MeterRegistry registry;
    private final Tags common;
    private final AtomicInteger places;
    private final Map<String, LaneGauge> gauges = new ConcurrentHashMap<>();
    private final Map<String, NewestBacklog> backlogs = new ConcurrentHashMap<>();
    private final Set<String> lanes = ConcurrentHashMap.newKeySet();
    private final AtomicLong notFeaturized = new AtomicLong();
    private long commitBegun;

    /** The gauge of a lane, and its value. */
    private record LaneGauge(Gauge shown, AtomicLong value) {}

    /** Creates metrics in {@code registry} of the only adaptation of the process, which they do not name. */
    public RoleMetrics(MeterRegistry registry) {
        this(registry, Tags.empty(), places());
    }

    /**
     * Creates metrics in {@code registry} of one of several adaptations, whose name they have as a tag.
     *
     * @param places the {@link #places} of the process
     */
    RoleMetrics(MeterRegistry registry, String adaptation, AtomicInteger places) {
        this(registry, Tags.of(ADAPTATION, adaptation), places);
    }

    private RoleMetrics(MeterRegistry registry, Tags common, AtomicInteger places) {
        this.registry = registry;
        this.common = common;
        this.places = places;
        List.of(
                        Metric.RECORDS,
                        Metric.CHECKPOINTS,
                        Metric.PREDICTIONS,
                        Metric.RECOVERIES,
                        Metric.FEATURIZED,
                        Metric.FEATURIZED_PAYLOADS,
                        Metric.FEATURIZER_TOO_LARGE,
                        Metric.FEATURES_REUSED)
                .forEach(metric -> counter(metric, Tags.empty()));
        for (Reason reason : Reason.values()) {
            counter(Metric.DEAD_LETTERS, Tags.of(REASON, reason.name()));
            counter(Metric.API_REFUSED, Tags.of(REASON, reason.name()));
        }
        for (JoinEvent event : JoinEvent.values()) {
            counter(Metric.LABELS, tags(event));
        }
        for (Missing why : Missing.values()) {
            counter(Metric.FEATURES_MISSING, tags(why));
        }
        timer(Metric.FEATURES_WAIT);
        Gauge.builder(Metric.FEATURIZER_LAG.id(), notFeaturized, AtomicLong::get)
                .description(Metric.FEATURIZER_LAG.description())
                .tags(common)
                .register(registry);
        for (Cause cause : Cause.values()) {
            counter(Metric.API_TURNED_AWAY, tags(cause));
            counter(Metric.API_SHADOWS_DROPPED, tags(cause));
        }
        counter(Metric.API_REQUESTS, Tags.empty());
        counter(Metric.API_SHADOWS, Tags.empty());
        timer(Metric.API_BATCH);
        timer(Metric.STEP_TIME);
        timer(Metric.COMMIT_TIME);
        timer(Metric.LABEL_DELAY);
    }

    private static Tags tags(Missing why) {
        return Tags.of(REASON, why.name().toLowerCase(Locale.ROOT));
    }

    private static Tags tags(JoinEvent event) {
        return Tags.of("event", event.name().toLowerCase(Locale.ROOT));
    }

    private static Tags tags(Cause cause) {
        return Tags.of("cause", cause.name().toLowerCase(Locale.ROOT));
    }

    /** Returns how many lanes of a process may have metrics of their own, for all its adaptations together. */
    static AtomicInteger places() {
        return new AtomicInteger(MOST_LANES);
    }

    private Counter counter(Metric metric, Tags tags) {
        return Counter.builder(metric.id())
                .description(metric.description())
                .tags(common.and(tags))
                .register(registry);
    }

    private Counter counter(Metric metric, Lane lane) {
        return counter(metric, Tags.of(LANE, tag(lane)));
    }

    private Timer timer(Metric metric) {
        return Timer.builder(metric.id())
                .description(metric.description())
                .tags(common)
                .register(registry);
    }

    private String tag(Lane lane) {
        return hasOwnMetrics(lane) ? lane.key() : OTHER;
    }

    private boolean hasOwnMetrics(Lane lane) {
        if (lanes.contains(lane.key())) {
            return true;
        }
        boolean isFree = lanes.size() < ASSURED_LANES || places.get() > 0;
        if (isFree && lanes.add(lane.key())) {
            places.decrementAndGet();
        }
        return isFree;
    }

    /** Adds metrics of the runs of the base model, which the registry holds weakly. */
    void watch(RunTimes backbone) {
        FunctionTimer.builder("headwater.backbone", backbone, RunTimes::runs, RunTimes::nanos, TimeUnit.NANOSECONDS)
                .description("Time of the runs of the base model below the head")
                .tags(common)
                .register(registry);
        FunctionCounter.builder("headwater.backbone.inputs", backbone, RunTimes::inputs)
                .description("Inputs of the runs of the base model below the head")
                .tags(common)
                .register(registry);
    }

    /** Adds gauges for parts that do not run on the requested GPU. */
    void watch(Devices devices) {
        fallback("backbone", devices.onnxRuntime());
        fallback("head", devices.nd4j());
    }

    private void fallback(String part, Device device) {
        Gauge.builder("headwater.device.fallback", device, one -> one.isFallback() ? 1 : 0)
                .description("1 if a part was configured for a GPU but runs on the CPU")
                .tags(common.and("part", part))
                .register(registry);
    }

    @Override
    public void polled(int records) {
        counter(Metric.RECORDS, Tags.empty()).increment(records);
    }

    @Override
    public void rejected(Rejection rejection) {
        counter(Metric.DEAD_LETTERS, Tags.of(REASON, rejection.reason().name())).increment();
    }

    @Override
    public void foreign(String topic) {
        counter(Metric.FOREIGN, Tags.of("topic", topic)).increment();
    }

    @Override
    public void stepTook(Lane lane, Duration time) {
        timer(Metric.STEP_TIME).record(time);
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        counter(Metric.STEPS, lane).increment();
        counter(Metric.SAMPLES, lane).increment(report.scores().size());
        prequential(lane, report.scores());
        if (!Double.isNaN(report.loss())) {
            DistributionSummary.builder(Metric.LOSS.id())
                    .description(Metric.LOSS.description())
                    .tags(common.and(LANE, tag(lane)))
                    .register(registry)
                    .record(report.loss());
        }
    }

    @Override
    public void unlabelled(Lane lane) {
        counter(Metric.UNLABELLED, lane).increment();
    }

    @Override
    public void skipped(Lane lane, List<SampleScores> scores) {
        counter(Metric.SKIPPED, lane).increment(scores.size());
        prequential(lane, scores);
    }

    private void prequential(Lane lane, List<SampleScores> scores) {
        Counter right = counter(Metric.CORRECT, lane);
        scores.forEach(one -> right.increment(one.championScore()));
    }

    @Override
    public void committing() {
        commitBegun = System.nanoTime();
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        if (commitBegun != 0) { // the first checkpoint of the transaction
            timer(Metric.COMMIT_TIME).record(System.nanoTime() - commitBegun, TimeUnit.NANOSECONDS);
            commitBegun = 0;
        }
        counter(Metric.CHECKPOINTS, Tags.empty()).increment();
        checkpoint
                .versions()
                .forEach(version ->
                        counter(Metric.VERSIONS, version.ref().lane()).increment());
        checkpoint.drifts().forEach(this::drift);
        checkpoint.evaluations().forEach(this::evaluated);
        checkpoint.servings().forEach(this::serve);
    }

    private void drift(DriftSignal drift) {
        Tags tags = Tags.of(
                LANE,
                tag(drift.lane()),
                "detector",
                drift.detector(),
                "level",
                drift.level().name().toLowerCase(Locale.ROOT));
        counter(Metric.DRIFTS, tags).increment();
    }

    private void evaluated(Evaluation evaluation) {
        switch (evaluation.kind()) {
            case ROLLED_BACK -> counter(Metric.ROLLBACKS, evaluation.lane()).increment();
            case STALLED -> gauge(Metric.STALLED, evaluation.lane()).set(1);
            case VETOED -> counter(Metric.VETOES, evaluation.lane()).increment();
            case LOST -> counter(Metric.LOSSES, evaluation.lane()).increment();
            case PREQUENTIAL, PROMOTED, REJECTED -> {}
        }
    }

    private void serve(Lane lane, Serving serving) {
        long version = serving.version().number();
        AtomicLong stalled = gauge(Metric.STALLED, lane);
        if (gauge(Metric.SERVING, lane).getAndSet(version) != version) {
            stalled.set(0);
        }
    }

    @Override
    public void withdrawn(Lane lane) {
        gauge(Metric.SERVING, lane).set(0);
    }

    @Override
    public void behind(Backlog backlog) {
        backlogs.computeIfAbsent(backlog.adaptation() + ' ' + backlog.partition(), key -> lag(backlog)).newest =
                backlog;
    }

    private NewestBacklog lag(Backlog backlog) {
        NewestBacklog newest = new NewestBacklog(backlog);
        Tags tags = common.and(partition(backlog.adaptation(), backlog.partition()));
        Gauge.builder(Metric.LAG_SAMPLES.id(), newest, known -> known.newest.samples())
                .description(Metric.LAG_SAMPLES.description())
                .tags(tags)
                .register(registry);
        Gauge.builder(Metric.LAG_TIME.id(), newest, known -> age(known.newest))
                .description(Metric.LAG_TIME.description())
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        return newest;
    }

    /** The newest backlog of a partition, which other threads read. */
    private static final class NewestBacklog {
        private volatile Backlog newest;

        NewestBacklog(Backlog first) {
            this.newest = first;
        }
    }

    private static Tags partition(String adaptation, int partition) {
        return Tags.of(ADAPTATION, adaptation, "partition", Integer.toString(partition));
    }

    /** Returns the age of the oldest sample in seconds; the clock of the brokers may be ahead of that of this process. */
    private static double age(Backlog backlog) {
        Instant oldest = backlog.oldest();
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, Instant.now()).toMillis() / MILLISECONDS);
    }

    @Override
    public void unassigned(String adaptation, int partition) {
        backlogs.remove(adaptation + ' ' + partition);
        Tags tags = common.and(partition(adaptation, partition));
        List.of(Metric.LAG_SAMPLES, Metric.LAG_TIME)
                .forEach(
                        metric -> registry.find(metric.id()).tags(tags).gauges().forEach(registry::remove));
    }

    @Override
    public void swapped(Lane lane, Serving serving) {
        gauge(Metric.PREDICTOR_VERSION, lane).set(serving.version().number());
    }

    /** Shows what serves a lane as soon as this trainer has it, not only after the next version. */
    @Override
    public void restored(Lane lane, @Nullable Serving serving) {
        if (serving != null) {
            gauge(Metric.SERVING, lane).set(serving.version().number());
        }
    }

    @Override
    public void released(Lane lane) {
        remove(Metric.SERVING, lane);
        remove(Metric.STALLED, lane);
    }

    @Override
    public void gone(Lane lane) {
        remove(Metric.PREDICTOR_VERSION, lane);
    }

    /** Removes a gauge, which would otherwise show the last value of a lane that another process has by now. */
    private void remove(Metric metric, Lane lane) {
        LaneGauge removed = gauges.remove(metric.id() + ' ' + lane);
        if (removed != null) {
            registry.remove(removed.shown());
        }
    }

    /**
     * Returns a gauge, which is not shown for a lane without metrics of its own. The registry has only weak references to the
     * values of gauges, so this object keeps strong ones.
     */
    private AtomicLong gauge(Metric metric, Lane lane) {
        if (!hasOwnMetrics(lane)) {
            return new AtomicLong();
        }
        return gauges.computeIfAbsent(metric.id() + ' ' + lane, key -> {
                    AtomicLong value = new AtomicLong();
                    Gauge shown = Gauge.builder(metric.id(), value, AtomicLong::get)
                            .description(metric.description())
                            .tags(common.and(LANE, lane.key()))
                            .register(registry);
                    return new LaneGauge(shown, value);
                })
                .value();
    }

    @Override
    public void asked(Lane lane, int chosen, int left) {
        counter(Metric.ASKS, lane).increment(chosen);
        if (left < Integer.MAX_VALUE) {
            gauge(Metric.ASKS_LEFT, lane).set(left);
        }
    }

    @Override
    public void asksNoLonger(Lane lane) {
        remove(Metric.ASKS_LEFT, lane);
    }

    @Override
    public void answered(int predictions) {
        counter(Metric.PREDICTIONS, Tags.empty()).increment(predictions);
    }

    @Override
    public void batched(int requests, Duration time) {
        counter(Metric.API_REQUESTS, Tags.empty()).increment(requests);
        timer(Metric.API_BATCH).record(time);
    }

    @Override
    public void refused(Rejection rejection) {
        counter(Metric.API_REFUSED, Tags.of(REASON, rejection.reason().name())).increment();
    }

    @Override
    public void turnedAway(Cause cause) {
        counter(Metric.API_TURNED_AWAY, tags(cause)).increment();
    }

    @Override
    public void shadowed() {
        counter(Metric.API_SHADOWS, Tags.empty()).increment();
    }

    @Override
    public void shadowDropped(Cause cause) {
        counter(Metric.API_SHADOWS_DROPPED, tags(cause)).increment();
    }

    @Override
    public void happened(JoinEvent event) {
        counter(Metric.LABELS, tags(event)).increment();
    }

    @Override
    public void labelled(Duration delay) {
        timer(Metric.LABEL_DELAY).record(delay);
    }

    @Override
    public void featurized(int records, int payloads) {
        counter(Metric.FEATURIZED, Tags.empty()).increment(records);
        counter(Metric.FEATURIZED_PAYLOADS, Tags.empty()).increment(payloads);
    }

    @Override
    public void tooLarge() {
        counter(Metric.FEATURIZER_TOO_LARGE, Tags.empty()).increment();
    }

    @Override
    public void behind(long records) {
        notFeaturized.set(records);
    }

    @Override
    public void received(int payloads) {
        counter(Metric.FEATURES_REUSED, Tags.empty()).increment(payloads);
    }

    @Override
    public void missing(int payloads, Missing why) {
        counter(Metric.FEATURES_MISSING, tags(why)).increment(payloads);
    }

    @Override
    public void waited(Duration time) {
        timer(Metric.FEATURES_WAIT).record(time);
    }

    @Override
    public void recovering(Exception cause) {
        counter(Metric.RECOVERIES, Tags.empty()).increment();
    }

    /** Removes the metrics of one of several adaptations, which no longer runs; others stay. */
    void close() {
        common.forEach(tag -> registry.getMeters().stream()
                .filter(meter -> tag.getValue().equals(meter.getId().getTag(tag.getKey())))
                .forEach(registry::remove));
        places.addAndGet(lanes.size());
        lanes.clear();
    }
}
