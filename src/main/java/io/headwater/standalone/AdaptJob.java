package io.headwater.standalone;

import io.headwater.adapt.Classifier;
import io.headwater.adapt.HeadArtifact;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationConfig.TrainingConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Serving;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.LinearProbe.Row;
import io.headwater.task.ClassMetrics;
import io.headwater.task.ClassMetrics.Pair;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Adapts to one's own data on the whole real path: embedded broker, samples topic, trainer, versions; then scores the
 * champion on a test set beside a linear probe and the majority class.
 */
public final class AdaptJob {
    private static final String DOMAIN = "data";
    private static final int FEATURE_BATCH = 64;

    private final AdaptationConfig config;
    private final Dataset train;
    private final Dataset test;
    private final Path folder;
    private final Progress progress;

    /**
     * A job.
     *
     * @param folder where broker data and artifacts are left
     */
    public AdaptJob(AdaptationConfig config, Dataset train, Dataset test, Path folder, Progress progress) {
        this.config = config;
        this.train = train;
        this.test = test;
        this.folder = folder;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException when the trainer failed or no sample could be learned
     */
    public AdaptReport run() throws Exception {
        long start = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            RuntimeSettings settings =
                    RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), folder.resolve("artifacts"), 1);
            try (AdaptationRuntime runtime = AdaptationRuntime.open(config, settings)) {
                runtime.ensureTopics();
                produce(runtime);
                TrainingTally tally = new TrainingTally(progress);
                double trainingSeconds = train(runtime, tally);
                return report(runtime, settings, tally, trainingSeconds, start);
            }
        }
    }

    private void produce(AdaptationRuntime runtime) {
        progress.begin("produce", train.items().size());
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
            for (Item item : train.items()) {
                producer.sample(DOMAIN, item.id(), item.payload(), item.label());
                progress.advance(1);
            }
            producer.flush();
        }
        progress.end();
    }

    private double train(AdaptationRuntime runtime, TrainingTally tally) {
        progress.begin("train", train.items().size());
        long start = System.nanoTime();
        Trainer trainer = runtime.trainer(tally);
        trainer.runToEnd();
        progress.end();
        if (trainer.status() != TrainerStatus.STOPPED) {
            throw new IllegalStateException("the trainer failed: " + trainer.failure(), trainer.failure());
        }
        return seconds(start);
    }

    private AdaptReport report(
            AdaptationRuntime runtime,
            RuntimeSettings settings,
            TrainingTally tally,
            double trainingSeconds,
            long start)
            throws Exception {
        Lane lane = new Lane(config.name(), DOMAIN);
        Serving serving = LaneLog.serving(runtime, lane)
                .orElseThrow(() -> new IllegalStateException(
                        "no version was published: all %d training samples became dead letters, the first because %s"
                                .formatted(train.items().size(), tally.firstRejection())));
        byte[] champion = runtime.store().get(serving.version().artifact());
        List<Pair> pairs = championPairs(runtime, HeadArtifact.fromBytes(champion));
        if (pairs.isEmpty()) {
            throw new IllegalStateException("none of the %d items of test data '%s' can be read as task '%s' wants them"
                    .formatted(test.items().size(), test.name(), config.task().key()));
        }
        ClassMetrics metrics = ClassMetrics.of(pairs);
        Yardsticks yardsticks = yardsticks(runtime, settings);
        return new AdaptReport(
                config.name(),
                serving.version().number(),
                metrics.accuracy(),
                metrics.macroF1(),
                yardsticks.probe(),
                yardsticks.majority(),
                train.items().size(),
                pairs.size(),
                tally.steps(),
                tally.versions(),
                champion.length,
                tally.promotions(),
                tally.deadLetters(),
                tally.samples() / trainingSeconds,
                seconds(start),
                runtime.environment());
    }

    /** Accuracy of the linear probe and of the majority class. */
    private record Yardsticks(double probe, double majority) {}

    /** The probe learns the features that the base model's manifest names, whatever the adaptation unfreezes. */
    private Yardsticks yardsticks(AdaptationRuntime runtime, RuntimeSettings settings) throws Exception {
        if (config.strategy().equals(StrategyConfig.DEFAULT)) {
            return yardsticks(runtime);
        }
        try (AdaptationRuntime frozen = AdaptationRuntime.open(config.withStrategy(StrategyConfig.DEFAULT), settings)) {
            return yardsticks(frozen);
        }
    }

    private Yardsticks yardsticks(AdaptationRuntime runtime) {
        List<Row> testRows = rows("linear probe, test data", test, runtime);
        List<Row> trainRows = rows("linear probe, training data", train, runtime).stream()
                .filter(row -> runtime.task().target(new Label.ClassLabel(row.label())) instanceof Outcome.Ok)
                .toList();
        // What suits pre-trained layers is far too little for an output layer that starts at zero.
        TrainingConfig ofProbe =
                config.strategy().strategy() == Strategy.LINEAR_PROBE ? config.training() : TrainingConfig.DEFAULT;
        double probe = LinearProbe.accuracy(
                trainRows,
                testRows,
                ofProbe.learningRate(),
                config.training().batchSize(),
                config.training().seed());
        return new Yardsticks(probe, majorityAccuracy(trainRows, testRows));
    }

    /** Expected and predicted classes of the usable test items, a few at a time: features at a low cut are large. */
    private List<Pair> championPairs(AdaptationRuntime runtime, HeadArtifact head) {
        List<Pair> pairs = new ArrayList<>();
        try (Classifier champion = Classifier.open(head, runtime.heads())) {
            inBatches("score", test, runtime, rows -> {
                float[][] features = rows.stream().map(Row::features).toArray(float[][]::new);
                pairs.addAll(LinearProbe.pairs(rows, champion.classify(features)));
            });
        }
        return pairs;
    }

    /** The usable items as features; those of the training set may be in the cache already. */
    private List<Row> rows(String title, Dataset data, AdaptationRuntime runtime) {
        List<Row> all = new ArrayList<>();
        inBatches(title, data, runtime, all::addAll);
        return all;
    }

    private void inBatches(String title, Dataset data, AdaptationRuntime runtime, Consumer<List<Row>> consumer) {
        progress.begin(title, data.items().size());
        List<Item> items = data.items();
        for (int from = 0; from < items.size(); from += FEATURE_BATCH) {
            List<Item> batch = items.subList(from, Math.min(from + FEATURE_BATCH, items.size()));
            List<Payload> payloads = batch.stream().map(Item::payload).toList();
            List<Outcome<float[]>> features = runtime.featurizer().features(payloads);
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                if (features.get(i) instanceof Outcome.Ok<float[]> ok) {
                    rows.add(new Row(ok.value(), batch.get(i).label()));
                }
            }
            consumer.accept(rows);
            progress.advance(batch.size());
        }
        progress.end();
    }

    private static double majorityAccuracy(List<Row> train, List<Row> test) {
        Map<String, Long> counts = train.stream().collect(Collectors.groupingBy(Row::label, Collectors.counting()));
        String majority = counts.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElseThrow();
        return test.stream().map(Row::label).filter(majority::equals).count() / (double) test.size();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
