package io.headwater.adapt;

import io.headwater.adapt.judge.Gate;
import io.headwater.adapt.judge.ScorePair;
import io.headwater.adapt.judge.ScoreWindow;
import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.memory.HeldOutSamples;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.engine.Heads;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The version that serves a lane, and the scores for comparing challengers with it. Not thread-safe. */
final class Champion implements AutoCloseable {
    private final PromotionConfig rules;
    private final Goal goal;
    private final Heads heads;
    private final LaneMemory memory;
    private final ScoreWindow window;
    private double heldOutReference;
    private @Nullable PublishedHead head;

    private Champion(
            PromotionConfig rules,
            Goal goal,
            Heads heads,
            LaneMemory memory,
            ScoreWindow window,
            double heldOutReference) {
        this.rules = rules;
        this.goal = goal;
        this.heads = heads;
        this.memory = memory;
        this.window = window;
        this.heldOutReference = heldOutReference;
    }

    /** Creates an instance without a serving version. */
    static Champion none(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory) {
        return new Champion(rules, goal, heads, memory, new ScoreWindow(), 0);
    }

    /** Reads the scores that {@link #write} wrote. {@link #restore} restores the version itself. */
    static Champion read(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory, SectionReader section) {
        return new Champion(
                rules,
                goal,
                heads,
                memory,
                ScoreWindow.restore(section.floats("window")),
                section.value("heldOutReference", Double::valueOf));
    }

    /** Writes the scores. The version itself is a separate artifact. */
    void write(SectionWriter section) {
        section.floats("window", window.scores());
        section.value("heldOutReference", heldOutReference);
    }

    /** Restores the version that served when the lane was saved; the comparison continues. */
    void restore(HeadArtifact artifact) {
        head = PublishedHead.open(artifact, heads);
    }

    /** Makes {@code artifact} the serving version; the comparison starts again. */
    void promote(HeadArtifact artifact) {
        PublishedHead opened = PublishedHead.open(artifact, heads);
        replaceBy(opened, memory.heldOut().areComplete() ? heldOutScore(opened) : 0);
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
                replaceBy(trial.taken(), verdict.heldOut().challenger());
            }
            return verdict;
        }
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

    private void replaceBy(PublishedHead next, double heldOutScore) {
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
        if (head != null) {
            head.close();
        }
    }
}
