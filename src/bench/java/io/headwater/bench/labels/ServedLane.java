package io.headwater.bench.labels;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.PublishedHead;
import io.headwater.adapt.ask.AnsweredRequest;
import io.headwater.adapt.ask.Committee;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A lane at its defaults on the features of a set, with the version that serves. */
final class ServedLane implements AutoCloseable {
    static final Lane LANE = new Lane("asked", "data");
    static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));

    /** The first steps, each of which is a version: labels that people give come slowly. */
    private static final int EARLY_STEPS = 8;

    /** Steps between later versions. */
    private static final int STEPS_PER_VERSION = 8;

    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));

    private final AdaptationConfig config;
    private final FeatureSet set;
    private final Goal goal;
    private final Heads heads;
    private final LaneLearner learner;
    private final List<HeadArtifact> versions = new ArrayList<>();
    private final List<Example> pending = new ArrayList<>();
    private @Nullable HeadArtifact champion;
    private @Nullable VersionRef serving;
    private int steps;

    /** Creates an untrained lane, of whose requests nobody is asked. */
    ServedLane(FeatureSet set) {
        this(set, AsksConfig.DEFAULT);
    }

    /** Creates an untrained lane. */
    ServedLane(FeatureSet set, AsksConfig asks) {
        this.set = set;
        config = AdaptationConfig.of("asked", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withAsks(asks);
        goal = new ClassGoal(List.of(), config.training().labelSmoothing());
        heads = GraphHeads.of(config, set.train().features()[0].length);
        learner = LaneLearner.untrained(config, goal, NO_DIGEST, heads);
    }

    /** Returns the version that serves; null while none does. */
    @Nullable
    VersionRef serving() {
        return serving;
    }

    /** Returns the answers of what serves to the requests from {@code from} to before {@code to}; none while nothing does. */
    List<Answer> answers(SampleStream stream, int from, int to) {
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

    /**
     * Returns what decides whether a request is asked.
     *
     * @param answer of what serves; null while nothing does
     */
    AnsweredRequest answered(@Nullable Answer answer, float[] features) {
        if (answer == null || champion == null) {
            return new AnsweredRequest(List.of(), Double.NaN, features);
        }
        Map<String, Float> probabilities = answer.probabilities();
        Committee committee = champion.committee();
        double disagreement =
                committee == null ? Double.NaN : committee.disagreement(features, champion.labels(), probabilities);
        return new AnsweredRequest(probabilities.values(), Double.NaN, features, disagreement);
    }

    /** Returns a request of a stream with its label. */
    Example example(SampleStream stream, int i) {
        String name = set.classes().get(stream.labels()[i]);
        float[] features = set.train().features()[stream.samples()[i]];
        return new Example(NO_PAYLOAD, new ClassLabel(name), features, Target.of(List.of(name)));
    }

    /** Returns the accuracy of what serves; 0 while nothing does. */
    double accuracy(FeatureSet.Part test) {
        return champion == null
                ? 0
                : HeadScores.of(champion, heads, set.classes(), test).accuracy();
    }

    /** Learns a sample with the next step. */
    void learn(Example example) {
        learner.admit(example);
        pending.add(example);
        if (pending.size() == config.training().batchSize()) {
            step();
            if (steps <= EARLY_STEPS || steps % STEPS_PER_VERSION == 0) {
                publish();
            }
        }
    }

    /** Learns what is left, and publishes it. */
    void end() {
        step();
        publish();
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

    @Override
    public void close() {
        learner.close();
    }
}
