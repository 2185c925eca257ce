package io.headwater.bench.learner;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.PublishedHead;
import io.headwater.adapt.judge.Verdict;
import io.headwater.bench.Bench;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.Thresholds;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often prediction sets contain the truth, when each sample is asked for before it is learned: by the version that
 * serves, with the thresholds that were published last.
 */
final class Coverage {
    private static final int ANY = 2_000;

    /** Steps between versions, as in {@link OnePass} and as the default of {@code checkpoint.steps}. */
    private static final int[] INTERVALS = {10, 50};

    private static final int RANDOM = 1_000;

    /** Each of the seeds takes minutes, and a larger set has enough samples for one. */
    private static final int SEEDS = 3;

    private static final int LARGE = 10_000;
    private static final Lane LANE = new Lane("learner", "data");
    private static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));

    private final LearnerResults results;
    private final int seeds;
    private final Map<String, FeatureSet> sets;

    Coverage(LearnerResults results, int seeds, Map<String, FeatureSet> sets) {
        this.results = results;
        this.seeds = seeds;
        this.sets = sets;
    }

    /** Measures streams that stay as they are, and streams that change. */
    void measure() {
        for (String name : List.of("stsa", "polarity", "entities", "cifar10")) {
            FeatureSet set = sets.computeIfAbsent(name, missing -> {
                throw new IllegalArgumentException("there is no set " + missing);
            });
            int runs = set.train().size() > LARGE ? 1 : Math.min(seeds, SEEDS);
            for (int seed = 1; seed <= runs; seed++) {
                SampleStream shuffled = SampleStream.shuffled(set, seed);
                int middle = shuffled.size() / 2;
                int classes = set.classes().size();
                Map<String, SampleStream> streams = new LinkedHashMap<>();
                streams.put("shuffled", shuffled);
                streams.put("labels rotated in the middle", shuffled.rotatedFrom(middle));
                streams.put(
                        "1,000 random labels",
                        shuffled.withNoise(
                                (classes - 1.0) / classes, middle, Math.min(shuffled.size(), middle + RANDOM), seed));
                streams.put("sorted by label", shuffled.sortedBy(set.train().labels()));
                for (Map.Entry<String, SampleStream> stream : streams.entrySet()) {
                    for (int interval : INTERVALS) {
                        measure(stream.getKey(), stream.getValue(), interval, seed);
                    }
                }
            }
        }
    }

    private void measure(String name, SampleStream stream, int interval, int seed) {
        try (Asked lane = new Asked(stream, interval)) {
            lane.learn();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("part", "coverage");
            row.put("set", stream.set().name());
            row.put("stream", name);
            row.put("seed", seed);
            row.put("stepsPerVersion", interval);
            lane.addTo(row);
            results.row(row);
            Bench.say("bench: %s", row.toString());
        }
    }

    /** A lane whose samples are asked for before they are learned. */
    private static final class Asked implements AutoCloseable {
        private final AdaptationConfig config = AdaptationConfig.of("learner", TaskKind.TEXT_CLASSIFICATION, "minilm");
        private final Goal goal = new ClassGoal(List.of(), config.training().labelSmoothing());
        private final SampleStream stream;
        private final int interval;
        private final Heads heads;
        private final LaneLearner learner;
        private final List<PublishedHead> versions = new ArrayList<>();
        private final List<Boolean> covered = new ArrayList<>();
        private int serving = -1;
        private @Nullable Thresholds thresholds;
        private int classes;
        private int empty;
        private int right;
        private int unknown;
        private int renewals;
        private int rejected;

        Asked(SampleStream stream, int interval) {
            this.stream = stream;
            this.interval = interval;
            heads = GraphHeads.of(config, stream.set().train().features()[0].length);
            learner =
                    LaneLearner.untrained(config, goal, Digest.of("features".getBytes(StandardCharsets.UTF_8)), heads);
        }

        void learn() {
            int size = config.training().batchSize();
            int steps = 0;
            for (int from = 0; from + size <= stream.size(); from += size) {
                List<Example> batch = new ArrayList<>();
                for (int i = from; i < from + size; i++) {
                    String name = stream.set().classes().get(stream.labels()[i]);
                    float[] features = stream.set().train().features()[stream.samples()[i]];
                    batch.add(new Example(NO_PAYLOAD, new ClassLabel(name), features, Target.of(List.of(name))));
                }
                ask(batch);
                batch.forEach(learner::admit);
                learner.step(batch);
                steps++;
                if (steps % interval == 0) {
                    publish();
                } else if (serving >= 0 && learner.thresholds().areDue()) {
                    renew();
                    renewals++;
                }
            }
        }

        private void ask(List<Example> batch) {
            if (serving < 0 || thresholds == null) {
                return;
            }
            PublishedHead head = versions.get(serving);
            List<Answer> answers =
                    head.predictions(goal, batch.stream().map(Example::features).toArray(float[][]::new));
            for (int i = 0; i < batch.size(); i++) {
                String truth = batch.get(i).truth().text();
                ClassSet set =
                        (ClassSet) answers.get(i).region(NO_PAYLOAD, thresholds).orElseThrow();
                covered.add(set.names().contains(truth));
                classes += set.names().size();
                empty += set.names().isEmpty() ? 1 : 0;
                right += answers.get(i).label(NO_PAYLOAD).text().equals(truth) ? 1 : 0;
                unknown += head.names().contains(truth) ? 0 : 1;
            }
        }

        private void publish() {
            HeadArtifact head = learner.artifact();
            versions.add(PublishedHead.open(head, heads));
            renew();
            Verdict verdict = learner.promoteIfBetter(head, false, serving < 0 ? null : reference(serving));
            VersionRef earlier = verdict.earlier();
            if (verdict.servesPublished()) {
                serving = versions.size() - 1;
            } else {
                rejected++;
                serving = earlier == null ? serving : (int) earlier.number() - 1;
                learner.consider(reference(versions.size() - 1), () -> head);
            }
        }

        private static VersionRef reference(int index) {
            Digest any = Digest.of("features".getBytes(StandardCharsets.UTF_8));
            return new VersionRef(LANE, index + 1, any, any);
        }

        private void renew() {
            learner.thresholds().publish();
            thresholds = learner.thresholds().published().orElse(null);
        }

        void addTo(Map<String, Object> row) {
            double answers = covered.size();
            row.put("answers", covered.size());
            row.put("coverage", covered.stream().filter(one -> one).count() / answers);
            row.put("accuracy", right / answers);
            row.put("setSize", classes / answers);
            row.put("empty", empty / answers);
            row.put("unknownClass", unknown / answers);
            row.put("renewals", renewals);
            row.put("rejected", rejected);
            int window = Math.min(ANY, covered.size());
            double lowest = 1;
            double highest = 0;
            int sum = 0;
            for (int i = 0; i < covered.size(); i++) {
                sum += covered.get(i) ? 1 : 0;
                sum -= i >= window && covered.get(i - window) ? 1 : 0;
                if (i >= window - 1) {
                    lowest = Math.min(lowest, sum / (double) window);
                    highest = Math.max(highest, sum / (double) window);
                }
            }
            row.put("lowest", lowest);
            row.put("highest", highest);
        }

        @Override
        public void close() {
            versions.forEach(PublishedHead::close);
            learner.close();
        }
    }
}
