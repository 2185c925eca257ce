package io.headwater.standalone;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TrainingConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.role.RoleState;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Faults;
import io.headwater.standalone.data.Item;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.Task;
import io.headwater.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Adapts a model to data from files over the complete pipeline (embedded broker, samples topic, trainer, versions),
 * then scores the champion on a test set and compares it with a linear probe and the majority class.
 */
public final class AdaptJob {
    /** The folder of the artifacts below that of the job. */
    public static final String ARTIFACTS = "artifacts";

    private static final String DOMAIN = "data";
    private static final int FEATURE_BATCH = 64;

    private final AdaptationConfig config;
    private final Dataset train;
    private final Dataset test;
    private final int passes;
    private final List<Item> stream;
    private final Path folder;
    private final Progress progress;

    /**
     * Creates a job.
     *
     * @param passes how often the training data is sent: first in its order, then each time in an order of its own
     * @param folder folder that receives broker data, artifacts and {@code curve.svg}, the plot of the prequential
     *     scores
     */
    public AdaptJob(AdaptationConfig config, Dataset train, Dataset test, int passes, Path folder, Progress progress) {
        // The report must not depend on the load of the machine, so versions and steps end by numbers of samples only.
        this.config = config.withCheckpoint(
                new CheckpointConfig(config.checkpoint().steps(), CheckpointConfig.NEVER, CheckpointConfig.NEVER));
        this.train = train;
        this.test = test;
        this.passes = passes;
        this.stream = stream(train.items(), passes);
        this.folder = folder;
        this.progress = progress;
    }

    /**
     * The result of a job.
     *
     * @param champion the version that was scored
     */
    public record Adapted(AdaptReport report, ModelVersion champion) {}

    /**
     * Runs the job.
     *
     * @throws IllegalArgumentException if the training data has more classes than a lane may have
     * @throws IllegalStateException if the trainer failed, no sample could be used for training, or the predictions for the
     *     test data do not fit into memory
     */
    public Adapted run() throws Exception {
        ClassCount.require(train, config);
        long start = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            RuntimeSettings settings =
                    RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), folder.resolve(ARTIFACTS), 1);
            try (AdaptationRuntime runtime = AdaptationRuntime.open(config, settings)) {
                runtime.ensureTopics();
                produce(runtime);
                TrainingTally tally = new TrainingTally(stream, train.items().size(), progress);
                double trainingSeconds = train(runtime, tally);
                draw(tally, runtime.task().goal());
                return report(runtime, settings, tally, trainingSeconds, start);
            }
        }
    }

    private void produce(AdaptationRuntime runtime) {
        progress.begin("produce", stream.size());
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
            for (Item item : stream) {
                producer.sample(DOMAIN, item.id(), item.payload(), item.label());
                progress.advance(1);
            }
            producer.flush();
        }
        progress.end();
    }

    /** Returns the items of all passes. The order of each pass is the same in every run. */
    private static List<Item> stream(List<Item> items, int passes) {
        List<Item> stream = new ArrayList<>(items);
        for (int pass = 1; pass < passes; pass++) {
            List<Item> again = new ArrayList<>(items);
            Collections.shuffle(again, new Random(pass));
            stream.addAll(again);
        }
        return stream;
    }

    private double train(AdaptationRuntime runtime, TrainingTally tally) {
        progress.begin("train", stream.size());
        long start = System.nanoTime();
        Trainer trainer = runtime.trainer(tally);
        trainer.runToEnd();
        progress.end();
        if (trainer.state() != RoleState.STOPPED) {
            throw new IllegalStateException("the trainer failed: " + trainer.failure(), trainer.failure());
        }
        return seconds(start);
    }

    private void draw(TrainingTally tally, Goal goal) throws IOException {
        Optional<LineChart> chart = tally.chart(config.name() + ", before learning each sample", goal.scoreName());
        if (chart.isPresent()) {
            Files.writeString(folder.resolve("curve.svg"), chart.get().svg());
        }
    }

    private Adapted report(
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
                                .formatted(stream.size(), tally.firstRejection())));
        byte[] champion = runtime.store().get(serving.version().artifact());
        Scored scored = scored(runtime, HeadArtifact.fromBytes(champion));
        if (scored.predictions().isEmpty()) {
            throw new IllegalStateException(
                    "none of the %d items of test data '%s' can be read as task '%s' wants them, the first because %s"
                            .formatted(
                                    test.items().size(),
                                    test.name(),
                                    config.task().key(),
                                    first(scored.unusable())));
        }
        int scoredItems = scored.predictions().size();
        Map<String, Double> metrics = new LinkedHashMap<>(runtime.task().goal().metrics(scored.predictions()));
        metrics.putAll(runtime.task()
                .goal()
                .observed(test.items().stream().map(Item::label).toList()));
        // The baselines need as much memory for predictions of their own.
        scored.predictions().clear();
        // The probe is trained in one pass and has no target network, which bootstrapped targets need.
        if (!(runtime.task().goal() instanceof Bootstrap)) {
            metrics.putAll(baselines(runtime, settings));
        }
        AdaptReport report = new AdaptReport(
                config.name(),
                lane.toString(),
                serving.version().number(),
                metrics,
                stream.size(),
                passes,
                scoredItems,
                (int) scored.unusable().faults().count(),
                first(scored.unusable()),
                (int) scored.unpredictable().faults().count(),
                first(scored.unpredictable()),
                tally.steps(),
                tally.versions(),
                champion.length,
                tally.promotions(),
                tally.deadLetters(),
                tally.unused(),
                tally.samples() / trainingSeconds,
                seconds(start),
                folder.toString(),
                runtime.environment());
        return new Adapted(report, version(runtime, serving.version()));
    }

    private static ModelVersion version(AdaptationRuntime runtime, VersionRef serving) {
        return new LaneLog(runtime.clients(), runtime.codec())
                .versions(serving.lane()::equals).stream()
                        .filter(version -> version.ref().equals(serving))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "version " + serving + " serves, but is not on the topic of versions"));
    }

    /**
     * Scores the baselines. The probe reads the features that the base model's manifest names, whatever layers the
     * adaptation unfreezes.
     */
    private Map<String, Double> baselines(AdaptationRuntime runtime, RuntimeSettings settings) throws Exception {
        if (config.strategy().equals(StrategyConfig.DEFAULT)) {
            return baselines(runtime);
        }
        try (AdaptationRuntime frozen = AdaptationRuntime.open(config.withStrategy(StrategyConfig.DEFAULT), settings)) {
            return baselines(frozen);
        }
    }

    private Map<String, Double> baselines(AdaptationRuntime runtime) {
        Task task = runtime.task();
        Goal goal = task.goal();
        // A learning rate that suits pre-trained layers is far too small for an output layer that starts at zero.
        TrainingConfig ofProbe =
                config.strategy().strategy() == Strategy.LINEAR_PROBE ? config.training() : TrainingConfig.DEFAULT;
        List<Label> learned = new ArrayList<>();
        List<ScoredPrediction> byProbe = new ArrayList<>();
        HeldPredictions memory = new HeldPredictions(byProbe);
        try (LinearProbe probe = new LinearProbe(goal, names(task), runtime.featureWidth(), ofProbe)) {
            inBatches("linear probe, training data", train, new Examples(task, runtime.featurizer()), outcomes -> {
                List<Example> examples = usable(outcomes);
                examples.forEach(example -> learned.add(example.truth()));
                probe.learn(examples);
            });
            probe.learnPending();
            inBatches(
                    "linear probe, test data",
                    test,
                    Examples.forScoring(task, runtime.featurizer()),
                    outcomes -> memory.add(probe.scored(usable(outcomes))));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        goal.metrics(byProbe).forEach((name, value) -> metrics.put(Goal.named("linearProbe", name), value));
        goal.majority(learned).ifPresent(label -> {
            List<ScoredPrediction> byMajority = byProbe.stream()
                    .map(one -> new ScoredPrediction(one.expected(), label))
                    .toList();
            goal.metrics(byMajority).forEach((name, value) -> metrics.put(Goal.named("majority", name), value));
        });
        return metrics;
    }

    /** Returns the names of the outputs that the training data needs, as many as a lane may have. */
    private List<String> names(Task task) {
        Set<String> names = new LinkedHashSet<>(task.goal().names());
        for (Item item : train.items()) {
            if (task.target(item.payload(), item.label()) instanceof Outcome.Ok<Target> ok) {
                Set<String> fresh = new LinkedHashSet<>(ok.value().symbols());
                fresh.removeAll(names);
                fresh.remove("");
                if (names.size() + fresh.size() <= config.limits().classes()) {
                    names.addAll(fresh);
                }
            }
        }
        return List.copyOf(names);
    }

    /**
     * The champion's predictions for the test items.
     *
     * @param predictions those for the items that can be scored, of which at least as many as {@code unpredictable} are wrong
     * @param unusable why the other items cannot be scored
     * @param unpredictable why the labels of some of those that can be scored cannot be predicted
     */
    private record Scored(List<ScoredPrediction> predictions, Faults.Tally unusable, Faults.Tally unpredictable) {}

    /** Scores the test items in small batches, because features of an early layer are large. */
    private Scored scored(AdaptationRuntime runtime, HeadArtifact head) {
        Scored scored = new Scored(new ArrayList<>(), new Faults.Tally(), new Faults.Tally());
        Goal goal = runtime.task().goal();
        HeldPredictions memory = new HeldPredictions(scored.predictions());
        try (PublishedHead champion = PublishedHead.open(head, runtime.heads())) {
            inBatches("score", test, Examples.forScoring(runtime.task(), runtime.featurizer()), outcomes -> {
                addRejections(outcomes, scored.unusable());
                List<Example> examples = usable(outcomes);
                addRejections(
                        examples.stream()
                                .map(one -> goal.target(one.view(), one.truth()))
                                .toList(),
                        scored.unpredictable());
                memory.add(champion.scored(goal, examples));
            });
        }
        return scored;
    }

    private static <T> void addRejections(List<Outcome<T>> outcomes, Faults.Tally rejections) {
        for (Outcome<T> one : outcomes) {
            if (one instanceof Outcome.Rejected<T> rejected) {
                rejections.add(rejected.rejection().message());
            }
        }
    }

    private static String first(Faults.Tally rejections) {
        List<String> first = rejections.faults().first();
        return first.isEmpty() ? "" : first.get(0);
    }

    private static List<Example> usable(List<Outcome<Example>> outcomes) {
        List<Example> usable = new ArrayList<>();
        for (Outcome<Example> outcome : outcomes) {
            if (outcome instanceof Outcome.Ok<Example> ok) {
                usable.add(ok.value());
            }
        }
        return usable;
    }

    /**
     * Passes the examples of the items, or why they cannot be used, to {@code consumer} in small batches; features of the
     * training set may be in the cache already.
     */
    private void inBatches(String title, Dataset data, Examples examples, Consumer<List<Outcome<Example>>> consumer) {
        progress.begin(title, data.items().size());
        List<Item> items = data.items();
        for (int from = 0; from < items.size(); from += FEATURE_BATCH) {
            List<Item> batch = items.subList(from, Math.min(from + FEATURE_BATCH, items.size()));
            consumer.accept(examples.of(batch.stream()
                    .map(item -> Outcome.ok(new Examples.Pair(item.payload(), item.label())))
                    .toList()));
            progress.advance(batch.size());
        }
        progress.end();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
