package io.headwater.bench.labels;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.PublishedHead;
import io.headwater.adapt.ask.Choice;
import io.headwater.adapt.ask.LaneAsks;
import io.headwater.adapt.judge.Verdict;
import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.HeadScores;
import io.headwater.bench.learner.SampleStream;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.ask.AsksConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane at its defaults whose samples are requests first: a predictor answers them with the version that serves and chooses some, and the
 * lane learns those that were chosen. Labels come at once.
 */
final class AskedLane implements AutoCloseable {
    /** Requests that are answered together. */
    private static final int BATCH = 64;

    /** The first steps, each of which is a version: labels that people give come slowly. */
    private static final int EARLY_STEPS = 8;

    /** Steps between later versions. */
    private static final int STEPS_PER_VERSION = 8;

    private static final Lane LANE = new Lane("asked", "data");
    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));
    private static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));

    private final AdaptationConfig config = AdaptationConfig.of("asked", TaskKind.TEXT_CLASSIFICATION, "minilm");
    private final FeatureSet set;
    private final Goal goal;
    private final Heads heads;
    private final LaneLearner learner;
    private final List<HeadArtifact> versions = new ArrayList<>();
    private final List<Example> pending = new ArrayList<>();
    private @Nullable HeadArtifact champion;
    private @Nullable VersionRef serving;
    private int steps;

    /** Creates an untrained lane. */
    AskedLane(FeatureSet set) {
        this.set = set;
        goal = new ClassGoal(List.of(), config.training().labelSmoothing());
        heads = GraphHeads.of(config, set.train().features()[0].length);
        learner = LaneLearner.untrained(config, goal, NO_DIGEST, heads);
    }

    /**
     * What was measured.
     *
     * @param accuracy of the version that serves at the end, on test samples
     * @param labels the part of the requests that was labelled
     * @param truth accuracy of what served, over all requests that were answered
     * @param unweighted the same over those that were chosen
     * @param weighted the same over those that were chosen, weighted
     */
    record Result(double accuracy, double labels, double truth, double unweighted, WeightedMean weighted) {}

    /**
     * Answers the requests of a stream and learns those that are chosen.
     *
     * @param asks the budget; null to label every request
     */
    Result run(SampleStream stream, @Nullable AsksConfig asks, long seed) {
        @Nullable LaneAsks chooser = asks == null ? null : new LaneAsks(asks, seed, LANE);
        WeightedMean weighted = WeightedMean.clippedAt(WeightedMean.USUAL_LARGEST_WEIGHT);
        int labelled = 0;
        int answered = 0;
        int right = 0;
        int rightOfChosen = 0;
        for (int from = 0; from < stream.size(); from += BATCH) {
            int to = Math.min(stream.size(), from + BATCH);
            List<Answer> answers = answers(stream, from, to);
            for (int i = from; i < to; i++) {
                Example example = example(stream, i);
                @Nullable Answer answer = answers.isEmpty() ? null : answers.get(i - from);
                Choice choice = chooser == null
                        ? new Choice(true, 1, AsksConfig.Strategy.RANDOM, 0)
                        : chooser.choose(
                                Integer.toString(stream.samples()[i]),
                                answer == null
                                        ? List.of()
                                        : answer.probabilities().values(),
                                Double.NaN,
                                example.features(),
                                0);
                if (answer != null) {
                    int hit = answer.label(NO_PAYLOAD).equals(example.label()) ? 1 : 0;
                    answered++;
                    right += hit;
                    if (choice.isChosen()) {
                        rightOfChosen += hit;
                        weighted = weighted.plus(hit, choice.probability());
                    }
                }
                if (choice.isChosen()) {
                    labelled++;
                    learn(example);
                }
            }
        }
        step();
        publish();
        return new Result(
                HeadScores.of(served(), heads, set.classes(), set.test()).accuracy(),
                (double) labelled / stream.size(),
                (double) right / answered,
                (double) rightOfChosen / weighted.count(),
                weighted);
    }

    /** Returns the answers of what serves; none while nothing does. */
    private List<Answer> answers(SampleStream stream, int from, int to) {
        if (champion == null) {
            return List.of();
        }
        float[][] features = new float[to - from][];
        for (int i = from; i < to; i++) {
            features[i - from] = set.train().features()[stream.samples()[i]];
        }
        try (PublishedHead head = PublishedHead.open(champion, heads)) {
            return head.predictions(goal, features);
        }
    }

    private Example example(SampleStream stream, int i) {
        String name = set.classes().get(stream.labels()[i]);
        float[] features = set.train().features()[stream.samples()[i]];
        return new Example(NO_PAYLOAD, new ClassLabel(name), features, Target.of(List.of(name)));
    }

    private void learn(Example example) {
        learner.admit(example);
        pending.add(example);
        if (pending.size() == config.training().batchSize()) {
            step();
            if (steps <= EARLY_STEPS || steps % STEPS_PER_VERSION == 0) {
                publish();
            }
        }
    }

    private void step() {
        if (!pending.isEmpty()) {
            learner.step(pending);
            pending.clear();
            steps++;
        }
    }

    private void publish() {
        HeadArtifact head = learner.artifact();
        versions.add(head);
        Verdict verdict = learner.promoteIfBetter(head, false, serving);
        VersionRef published = new VersionRef(LANE, versions.size(), NO_DIGEST, NO_DIGEST);
        VersionRef earlier = verdict.earlier();
        if (verdict.servesPublished()) {
            champion = head;
            serving = published;
            return;
        }
        if (earlier != null) {
            serving = earlier;
            champion = versions.get((int) earlier.number() - 1);
        }
        learner.consider(published, () -> head);
    }

    private HeadArtifact served() {
        if (champion == null) {
            throw new IllegalStateException("the lane has no version; the set is too small for its budget");
        }
        return champion;
    }

    @Override
    public void close() {
        learner.close();
    }
}
