package io.headwater.adapt;

import io.headwater.adapt.GuardVeto.Comparison;
import io.headwater.adapt.judge.Change;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.judge.Notice.Kind;
import io.headwater.adapt.judge.ScorePair;
import io.headwater.adapt.judge.ScoreWindow;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.judge.Suspension;
import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.config.PromotionConfig.Mode;
import io.headwater.domain.Digest;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The version that serves a lane, and everything that decides which version serves next: scores of the champion and of
 * the newest weights, the version before it, the version that wants to take its place, and the guard set. Nothing that is
 * learned depends on it. Not thread-safe.
 */
final class Champion implements AutoCloseable {
    private final PromotionConfig rules;
    private final Goal goal;
    private final Heads heads;
    private final LaneMemory memory;
    private final State state;
    private @Nullable HeadArtifact artifact;
    private @Nullable PublishedHead head;
    private final List<Notice> notices = new ArrayList<>();

    private Champion(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory, State state) {
        this.rules = rules;
        this.goal = goal;
        this.heads = heads;
        this.memory = memory;
        this.state = state;
    }

    /** The scores and tests. */
    private record State(ScoreWindow window, Suspension suspension, GuardVeto veto, Rivals rivals) {}

    /** Creates an instance without a serving version. */
    static Champion none(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory) {
        State state = new State(
                new ScoreWindow(), Suspension.none(), GuardVeto.none(goal, memory), Rivals.none(rules, heads));
        return new Champion(rules, goal, heads, memory, state);
    }

    /** Reads the scores that {@link #write} wrote. {@link #restore} restores the version itself. */
    static Champion read(
            PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory, Digest baseModel, SectionReader section) {
        State state = new State(
                ScoreWindow.restore(section.floats("window")),
                section.hasSection("suspension") ? Suspension.read(section.section("suspension")) : Suspension.none(),
                section.hasSection("veto")
                        ? GuardVeto.read(goal, memory, section.section("veto"))
                        : GuardVeto.none(goal, memory),
                Rivals.read(rules, heads, baseModel, memory.names(), section));
        return new Champion(rules, goal, heads, memory, state);
    }

    /** Writes the scores. The version itself is a separate artifact. */
    void write(SectionWriter section) {
        section.floats("window", state.window().scores());
        state.suspension().write(section.section("suspension"));
        state.veto().write(section.section("veto"));
        state.rivals().write(section);
    }

    /** Returns the digests of the artifacts of versions that may serve again, and of their checkpoints. */
    Set<Digest> mentioned() {
        return state.rivals().mentioned();
    }

    /** Restores the version that served when the lane was saved; the comparison continues. */
    void restore(HeadArtifact served) {
        artifact = served;
        head = PublishedHead.open(served, heads);
    }

    /** Makes {@code artifact} the serving version; the comparison starts again. */
    void promote(HeadArtifact promoted) {
        state.rivals().dropEarlier();
        replaceBy(promoted, PublishedHead.open(promoted, heads));
    }

    /**
     * Lets a version that has been published try to prove that it is better than the champion, if versions must do so and
     * no other one is trying.
     */
    void consider(VersionRef version, Supplier<HeadArtifact> published) {
        if (rules.mode() == Mode.VERSION && head != null) {
            state.rivals().consider(version, published);
        }
    }

    /** Returns the predictions of the serving version; empty when there is none. */
    List<Answer> predictions(float[][] features) {
        return head == null ? List.of() : head.predictions(goal, features);
    }

    /**
     * Compares the champion with other versions and with the newest weights, on samples that none of them has learned
     * from.
     *
     * @param own its predictions; empty when no version serves
     * @param scores scores of the champion and of the newest weights
     * @return the changes of the stream that are detected with these samples
     */
    List<Change> observe(float[][] features, List<Target> expected, List<Answer> own, List<SampleScores> scores) {
        if (own.isEmpty()) {
            return List.of();
        }
        state.rivals().compare(goal, features, expected, own);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            SampleScores one = scores.get(i);
            state.window().add(one.championScore(), one.challengerScore());
            state.suspension()
                    .observe(one.championScore(), one.challengerScore(), memory.stratum(expected.get(i)))
                    .ifPresent(changes::add);
        }
        if (!changes.isEmpty()) {
            state.rivals().streamChanged();
        }
        state.suspension().endIfProved(state.rivals().required());
        return changes;
    }

    /** Suspends promotions until new weights have proved to be better than the version that serves. */
    void suspend() {
        state.suspension().begin();
    }

    /** Returns what a person should know since the last call. */
    List<Notice> takeNotices() {
        List<Notice> taken = List.copyOf(notices);
        notices.clear();
        return taken;
    }

    /**
     * Decides which version serves when {@code challenger} is published.
     *
     * @param held whether a person holds the lane, so that nothing changes
     * @param leading what speaks for the challenger; null when only its scores do
     * @param serving the version that serves, to which the lane may return later; null when it is not known
     */
    Verdict decide(HeadArtifact challenger, boolean held, @Nullable String leading, @Nullable VersionRef serving) {
        if (head == null) {
            promote(challenger);
            return Verdict.promoted("the first version of the lane", ScorePair.NONE, ScorePair.NONE);
        }
        ScorePair recent = state.window().means();
        if (held) {
            return Verdict.rejected(
                    "the lane is held since a person rolled it back or pinned a version; 'promote' and 'unpin' end this",
                    recent,
                    ScorePair.NONE);
        }
        Optional<Rival> earlier = state.rivals().better();
        if (earlier.isPresent()) {
            return rollBack(earlier.get(), recent, serving);
        }
        if (rules.mode() == Mode.VERSION) {
            Rival candidate = state.rivals().candidate();
            return candidate == null
                    ? Verdict.rejected(
                            "versions must prove themselves on later samples, and this one is the next to do so",
                            recent,
                            ScorePair.NONE)
                    : decide(candidate, recent, serving);
        }
        if (state.suspension().isActive()) {
            return Verdict.rejected(state.suspension().reason(goal.scoreName()), recent, ScorePair.NONE);
        }
        PublishedHead opened = PublishedHead.open(challenger, heads);
        Admission admission = admission(head, opened, leading == null ? compared(recent) : leading);
        if (!admission.granted()) {
            opened.close();
            return Verdict.rejected(admission.reason(), recent, admission.guard());
        }
        keep(serving);
        replaceBy(challenger, opened);
        return Verdict.promoted(admission.reason(), recent, admission.guard());
    }

    private Verdict decide(Rival proving, ScorePair recent, @Nullable VersionRef serving) {
        SequentialTest test = proving.better();
        boolean proved = state.rivals().isProved(proving);
        String reason = String.format(
                Locale.ROOT,
                "version %d is %s better than the champion: its %s was %+.1f points on %d samples after it",
                proving.version().number(),
                proved ? "proved to be" : "not yet proved to be",
                goal.scoreName(),
                100 * test.meanDifference(),
                test.samples());
        if (!proved) {
            state.rivals().giveUpCandidate();
            return Verdict.rejected(reason, recent, ScorePair.NONE);
        }
        PublishedHead opened = PublishedHead.open(proving.artifact(), heads);
        Admission admission = admission(head, opened, reason);
        if (!admission.granted()) {
            opened.close();
            return Verdict.rejected(admission.reason(), recent, admission.guard());
        }
        state.rivals().candidateServes();
        keep(serving);
        replaceBy(proving.artifact(), opened);
        return new Verdict(true, admission.reason(), recent, admission.guard(), proving.version());
    }

    /** Whether the guard set lets a challenger serve, and why. */
    private record Admission(boolean granted, String reason, ScorePair guard) {}

    private Admission admission(@Nullable PublishedHead champion, PublishedHead challenger, String reason) {
        Comparison onGuard = champion == null
                ? new Comparison(ScorePair.NONE, false)
                : state.veto().compare(champion, challenger);
        if (!onGuard.worse()) {
            return new Admission(true, reason, onGuard.means());
        }
        String veto = String.format(
                Locale.ROOT,
                "%s on the guard set is %.1f %% against the champion's %.1f %% on %d samples",
                goal.scoreName(),
                100 * onGuard.means().challenger(),
                100 * onGuard.means().champion(),
                onGuard.means().samples());
        if (!state.veto().hasExpired()) {
            return new Admission(false, veto, onGuard.means());
        }
        String expired = "%s; %s, but this veto has lasted for %d samples and expires"
                .formatted(reason, veto, GuardVeto.PATIENCE);
        ScorePair recent = state.window().means();
        notices.add(new Notice(Kind.VETOED, GuardVeto.PATIENCE, recent.challenger() - recent.champion(), expired));
        return new Admission(true, expired, onGuard.means());
    }

    private String compared(ScorePair recent) {
        return String.format(
                Locale.ROOT,
                "the newest version serves; %s of its weights %.1f %% against the champion's %.1f %% on %d identical samples",
                goal.scoreName(),
                100 * recent.challenger(),
                100 * recent.champion(),
                recent.samples());
    }

    private Verdict rollBack(Rival earlier, ScorePair recent, @Nullable VersionRef serving) {
        SequentialTest test = earlier.better();
        // The stream may have changed back in the middle of the comparison, which the mean of all samples does not
        // show.
        String reason = test.meanDifference() > 0
                ? String.format(
                        Locale.ROOT,
                        "version %d serves again: its %s was %.1f points higher than that of the versions after it, on %d"
                                + " identical samples",
                        earlier.version().number(),
                        goal.scoreName(),
                        100 * test.meanDifference(),
                        test.samples())
                : "version %d serves again: it proved to be better than the versions after it on the newest of %d identical samples"
                        .formatted(earlier.version().number(), test.samples());
        HeadArtifact again = earlier.artifact();
        state.rivals().rollBack(earlier, serving, artifact);
        replaceBy(again, PublishedHead.open(again, heads));
        state.suspension().begin();
        return new Verdict(false, reason, recent, ScorePair.NONE, earlier.version());
    }

    /** Keeps the serving version for comparisons before another one takes its place. */
    private void keep(@Nullable VersionRef serving) {
        if (state.suspension().takeEnded()) {
            state.rivals().keepAsFormer(serving, artifact);
        } else {
            state.rivals().keepAsPredecessor(serving, artifact);
        }
    }

    private void replaceBy(HeadArtifact promoted, PublishedHead next) {
        artifact = promoted;
        if (head != null) {
            head.close();
        }
        head = next;
        state.rivals().dropCandidate();
        state.window().clear();
        state.veto().end();
    }

    @Override
    public void close() {
        state.rivals().close();
        if (head != null) {
            head.close();
        }
    }
}
