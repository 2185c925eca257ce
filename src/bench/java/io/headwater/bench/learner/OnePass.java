package io.headwater.bench.learner;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.PromotionConfig;
import io.headwater.config.PromotionConfig.Mode;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane that learns a stream in one pass with the defaults of an adaptation file, as a trainer runs it: steps of the
 * configured batch size, and a version after a number of steps and at the end of each stretch of the stream.
 */
final class OnePass implements AutoCloseable {
    /**
     * Steps between versions: about what the default interval of 500 ms comes to at the speed of the built-in text
     * encoder. A fixed number, so that results do not depend on the load of the machine.
     */
    private static final int STEPS_PER_VERSION = 10;

    private static final Lane LANE = new Lane("learner", "data");
    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));
    private static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));

    private final AdaptationConfig config;
    private final Goal goal;
    private final Heads heads;
    private final LaneLearner learner;
    private final List<HeadArtifact> versions = new ArrayList<>();
    private @Nullable HeadArtifact champion;
    private @Nullable VersionRef serving;
    private int promotions;
    private int rollbacks;
    private long nanos;
    private double prequentialScores;
    private int scored;

    /** Creates an untrained lane for features of this width. */
    OnePass(int width) {
        this(width, Mode.RULE);
    }

    /** Creates an untrained lane in which versions serve by this rule. */
    OnePass(int width, Mode mode) {
        PromotionConfig usual = PromotionConfig.DEFAULT;
        config = AdaptationConfig.of("learner", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withPromotion(new PromotionConfig(mode, usual.errorLevel(), usual.smallestEffect()));
        goal = new ClassGoal(List.of(), config.training().labelSmoothing());
        heads = GraphHeads.of(config, width);
        learner = LaneLearner.untrained(config, goal, NO_DIGEST, heads);
    }

    /** Creates a lane that starts from {@code source}, whose champion serves until the lane has one of its own. */
    OnePass(OnePass source) {
        config = source.config;
        goal = source.goal;
        heads = source.heads;
        learner = LaneLearner.startedFrom(config, goal, heads, source.learner.checkpoint());
        champion = source.served();
        learner.restoreChampion(champion);
    }

    /** Receives what serves after a version was published. */
    interface Listener {
        /**
         * Called after each version.
         *
         * @param samples number of samples of this stretch that the version was trained on
         * @param promoted whether this version serves from now on
         */
        void published(int samples, boolean promoted);
    }

    /** Learns a stretch of a stream. */
    void learn(SampleStream stream, Listener listener) {
        List<Example> pending = new ArrayList<>();
        int steps = 0;
        for (int i = 0; i < stream.size(); i++) {
            long start = System.nanoTime();
            Example example = example(stream, i);
            learner.admit(example);
            pending.add(example);
            boolean isLast = i == stream.size() - 1;
            if (isLast || pending.size() == config.training().batchSize()) {
                count(learner.step(pending));
                pending.clear();
                steps++;
                if (isLast || steps == STEPS_PER_VERSION) {
                    boolean promoted = publish();
                    steps = 0;
                    nanos += System.nanoTime() - start;
                    listener.published(i + 1, promoted);
                    continue;
                }
            }
            nanos += System.nanoTime() - start;
        }
    }

    private static Example example(SampleStream stream, int i) {
        String name = stream.set().classes().get(stream.labels()[i]);
        float[] features = stream.set().train().features()[stream.samples()[i]];
        return new Example(NO_PAYLOAD, new ClassLabel(name), features, Target.of(List.of(name)));
    }

    private void count(StepReport report) {
        for (SampleScores one : report.scores()) {
            prequentialScores += one.championScore();
            scored++;
        }
    }

    private boolean publish() {
        HeadArtifact head = learner.artifact();
        versions.add(head);
        Verdict verdict = learner.promoteIfBetter(head, false, serving);
        // A trainer stores the checkpoint with each version, so its cost counts.
        learner.checkpoint();
        VersionRef published = new VersionRef(LANE, versions.size(), NO_DIGEST, NO_DIGEST);
        if (verdict.servesPublished()) {
            champion = head;
            serving = published;
        } else {
            VersionRef earlier = verdict.earlier();
            if (earlier != null) {
                serving = earlier;
                champion = versions.get((int) earlier.number() - 1);
            }
            learner.consider(published, () -> head);
        }
        promotions += verdict.promoted() ? 1 : 0;
        rollbacks += verdict.isRollback() ? 1 : 0;
        return verdict.promoted();
    }

    /** Returns the scores of the serving version. */
    HeadScores scores(List<String> classes, FeatureSet.Part test) {
        return HeadScores.of(served(), heads, classes, test);
    }

    private HeadArtifact served() {
        if (champion == null) {
            throw new IllegalStateException("the lane has no version yet; learn a stream first");
        }
        return champion;
    }

    /** Returns the number of promotions so far. */
    int promotions() {
        return promotions;
    }

    /** Returns how often the lane returned to an earlier version so far. */
    int rollbacks() {
        return rollbacks;
    }

    /** Returns the mean score of the serving version on samples before they were learned; 0 while none serves. */
    double prequential() {
        return prequentialScores / Math.max(1, scored);
    }

    /** Returns the seconds spent on learning so far. */
    double seconds() {
        return nanos / 1e9;
    }

    @Override
    public void close() {
        learner.close();
    }
}
