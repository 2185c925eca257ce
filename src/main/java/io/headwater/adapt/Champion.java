package io.headwater.adapt;

import io.headwater.adapt.judge.ErrorBudget;
import io.headwater.adapt.judge.Gate;
import io.headwater.adapt.judge.ScorePair;
import io.headwater.adapt.judge.ScoreWindow;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.memory.HeldOutSamples;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.race.Standing;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The version that serves a lane, and the scores for comparing challengers with it. Not thread-safe. */
final class Champion implements AutoCloseable {
    /** Number of samples on which a predecessor is compared before a later version takes its place. */
    private static final long WATCHED_SAMPLES = 256;

    /** Evidence from which a predecessor is kept for longer. */
    private static final double SUSPICIOUS = 1;

    private final PromotionConfig rules;
    private final Goal goal;
    private final Heads heads;
    private final LaneMemory memory;
    private final ScoreWindow window;
    private double heldOutReference;
    private final ErrorBudget rollbacks;
    private @Nullable HeadArtifact artifact;
    private @Nullable PublishedHead head;
    private @Nullable Predecessor predecessor;

    private Champion(
            PromotionConfig rules,
            Goal goal,
            Heads heads,
            LaneMemory memory,
            ScoreWindow window,
            double heldOutReference,
            ErrorBudget rollbacks) {
        this.rules = rules;
        this.goal = goal;
        this.heads = heads;
        this.memory = memory;
        this.window = window;
        this.heldOutReference = heldOutReference;
        this.rollbacks = rollbacks;
    }

    /** Creates an instance without a serving version. */
    static Champion none(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory) {
        return new Champion(rules, goal, heads, memory, new ScoreWindow(), 0, new ErrorBudget(rules.errorShare()));
    }

    /** Reads the scores that {@link #write} wrote. {@link #restore} restores the version itself. */
    static Champion read(
            PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory, Digest baseModel, SectionReader section) {
        Champion champion = new Champion(
                rules,
                goal,
                heads,
                memory,
                ScoreWindow.restore(section.floats("window")),
                section.value("heldOutReference", Double::valueOf),
                section.hasSection("rollbacks")
                        ? ErrorBudget.read(rules.errorShare(), section.section("rollbacks"))
                        : new ErrorBudget(rules.errorShare()));
        if (section.hasSection("predecessor")) {
            champion.predecessor = Predecessor.read(section.section("predecessor"), heads, baseModel, memory.names());
        }
        return champion;
    }

    /** Writes the scores. The version itself is a separate artifact. */
    void write(SectionWriter section) {
        section.floats("window", window.scores());
        section.value("heldOutReference", heldOutReference);
        rollbacks.write(section.section("rollbacks"));
        if (predecessor != null) {
            predecessor.write(section.section("predecessor"));
        }
    }

    /** Restores the version that served when the lane was saved; the comparison continues. */
    void restore(HeadArtifact served) {
        artifact = served;
        head = PublishedHead.open(served, heads);
    }

    /** Makes {@code artifact} the serving version; the comparison starts again. */
    void promote(HeadArtifact promoted) {
        leavePredecessor();
        PublishedHead opened = PublishedHead.open(promoted, heads);
        replaceBy(promoted, opened, memory.heldOut().areComplete() ? heldOutScore(opened) : 0);
    }

    /** Compares {@code challenger} with the champion, and makes it the serving version when the rules allow it. */
    Verdict promoteIfBetter(HeadArtifact challenger, boolean held) {
        if (head == null) {
            promote(challenger);
            return Gate.first();
        }
        try (Trial trial = new Trial(challenger, head)) {
            Verdict verdict = Gate.decide(rules, goal.scoreName(), held, window.means(), trial::heldOut);
            if (verdict.promoted()) {
                replaceBy(challenger, trial.taken(), verdict.heldOut().challenger());
            }
            return verdict;
        }
    }

    /**
     * Makes {@code challenger} the serving version when the contenders' standing allows it, or returns to the
     * predecessor when this is better than the champion.
     *
     * @param serving the version that serves; null when it is not known
     */
    Verdict promoteIfFollowed(HeadArtifact challenger, boolean held, Standing standing, @Nullable VersionRef serving) {
        if (head == null) {
            promote(challenger);
            return Gate.first();
        }
        ScorePair recent = window.means();
        if (held) {
            return Gate.held(recent);
        }
        if (predecessor != null && predecessor.better().evidence() >= rollbacks.required(1)) {
            return rollBack(predecessor, recent);
        }
        if (standing.follows()) {
            keepAsPredecessor(serving);
            replaceBy(challenger, PublishedHead.open(challenger, heads), 0);
        }
        return new Verdict(standing.follows(), standing.reason(), recent, ScorePair.NONE);
    }

    /** A challenger that is opened when it is needed, and closed again unless it is promoted. */
    private final class Trial implements AutoCloseable {
        private final HeadArtifact artifact;
        private final PublishedHead champion;
        private @Nullable PublishedHead opened;

        Trial(HeadArtifact artifact, PublishedHead champion) {
            this.artifact = artifact;
            this.champion = champion;
        }

        private PublishedHead open() {
            if (opened == null) {
                opened = PublishedHead.open(artifact, heads);
            }
            return opened;
        }

        ScorePair heldOut() {
            List<StoredSample> samples = memory.heldOut().all();
            return samples.isEmpty()
                    ? ScorePair.NONE
                    : new ScorePair(
                            samples.size(), Math.max(heldOutReference, heldOutScore(champion)), heldOutScore(open()));
        }

        PublishedHead taken() {
            PublishedHead taken = open();
            opened = null;
            return taken;
        }

        @Override
        public void close() {
            if (opened != null) {
                opened.close();
            }
        }
    }

    private Verdict rollBack(Predecessor earlier, ScorePair recent) {
        SequentialTest test = earlier.better();
        String reason = String.format(
                Locale.ROOT,
                "version %d serves again: its %s was %.1f points higher than that of the versions after it, on %d identical"
                        + " samples",
                earlier.version().number(),
                goal.scoreName(),
                100 * test.meanDifference(),
                test.samples());
        HeadArtifact former = earlier.artifact();
        rollbacks.endRound(true);
        leavePredecessor();
        replaceBy(former, PublishedHead.open(former, heads), 0);
        return new Verdict(false, reason, recent, ScorePair.NONE, earlier.version());
    }

    /** Begins to watch the next versions beside the serving one, unless an earlier one is being watched. */
    private void keepAsPredecessor(@Nullable VersionRef serving) {
        boolean watching = predecessor != null
                && (predecessor.better().samples() < WATCHED_SAMPLES
                        || predecessor.better().evidence() > SUSPICIOUS);
        if (serving != null && artifact != null && !watching) {
            if (predecessor != null) {
                rollbacks.endRound(false);
            }
            leavePredecessor();
            predecessor = Predecessor.of(serving, artifact, heads);
        }
    }

    private void leavePredecessor() {
        if (predecessor != null) {
            predecessor.close();
            predecessor = null;
        }
    }

    /** Compares the champion with its predecessor on samples that neither of them has learned from. */
    void watch(float[][] features, List<Target> expected, List<Answer> own) {
        if (predecessor != null && !own.isEmpty()) {
            predecessor.compare(goal, features, expected, own);
        }
    }

    private void replaceBy(HeadArtifact promoted, PublishedHead next, double heldOutScore) {
        artifact = promoted;
        if (head != null) {
            head.close();
        }
        head = next;
        window.clear();
        heldOutReference = memory.heldOut().areComplete() ? Math.max(heldOutReference, heldOutScore) : 0;
    }

    /** Returns the predictions of the serving version; empty when there is none. */
    List<Answer> predictions(float[][] features) {
        return head == null ? List.of() : head.predictions(goal, features);
    }

    /** Adds the scores of a new sample. */
    void compare(SampleScores scores) {
        if (head != null) {
            window.add(scores.championScore(), scores.challengerScore());
        }
    }

    private double heldOutScore(PublishedHead published) {
        HeldOutSamples heldOut = memory.heldOut();
        float[][] features = heldOut.all().stream().map(StoredSample::features).toArray(float[][]::new);
        List<Answer> predictions = published.predictions(goal, features);
        List<String> names = memory.names();
        double sum = 0;
        for (int i = 0; i < features.length; i++) {
            Target expected = Target.decode(heldOut.all().get(i).code(), goal.numbers(), names);
            sum += predictions.get(i).score(expected);
        }
        return sum / features.length;
    }

    @Override
    public void close() {
        leavePredecessor();
        if (head != null) {
            head.close();
        }
    }
}
