package io.headwater.adapt;

import io.headwater.adapt.GuardVeto.Comparison;
import io.headwater.adapt.judge.Change;
import io.headwater.adapt.judge.ErrorBudget;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The version that serves a lane, and everything that decides which version serves next: scores of the champion and of
 * the newest weights, the version before it, the version that wants to take its place, and the guard set. Nothing that is
 * learned depends on it. Not thread-safe.
 */
final class Champion implements AutoCloseable {
    /** Number of samples on which a predecessor is compared before a later version takes its place. */
    private static final long WATCHED_SAMPLES = 256;

    /** Number of versions that the champion is compared with for a rollback: its predecessor, and the former one. */
    private static final int ROLLBACK_TESTS = 2;

    /** Evidence from which a predecessor is kept for longer. */
    private static final double SUSPICIOUS = 1;

    /** Number of samples on which a version may try to prove that it is better, before a newer one takes its place. */
    private static final long CANDIDATE_SAMPLES = 512;

    private final PromotionConfig rules;
    private final Goal goal;
    private final Heads heads;
    private final LaneMemory memory;
    private final State state;
    private @Nullable HeadArtifact artifact;
    private @Nullable PublishedHead head;
    private @Nullable Rival predecessor;
    /** The version that served before the stream changed, in case that it changes back. */
    private @Nullable Rival former;

    private @Nullable Rival candidate;
    private final List<Notice> notices = new ArrayList<>();

    private Champion(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory, State state) {
        this.rules = rules;
        this.goal = goal;
        this.heads = heads;
        this.memory = memory;
        this.state = state;
    }

    /** The scores and tests, besides those of other versions. */
    private record State(
            ScoreWindow window, Suspension suspension, GuardVeto veto, ErrorBudget rollbacks, ErrorBudget promotions) {

        static State read(PromotionConfig rules, Goal goal, LaneMemory memory, SectionReader section) {
            return new State(
                    ScoreWindow.restore(section.floats("window")),
                    section.hasSection("suspension")
                            ? Suspension.read(section.section("suspension"))
                            : Suspension.none(),
                    section.hasSection("veto")
                            ? GuardVeto.read(goal, memory, section.section("veto"))
                            : GuardVeto.none(goal, memory),
                    budget(rules, section, "rollbacks"),
                    budget(rules, section, "promotions"));
        }

        private static ErrorBudget budget(PromotionConfig rules, SectionReader section, String name) {
            return section.hasSection(name)
                    ? ErrorBudget.read(rules.errorShare(), section.section(name))
                    : new ErrorBudget(rules.errorShare());
        }

        void write(SectionWriter section) {
            section.floats("window", window.scores());
            suspension.write(section.section("suspension"));
            veto.write(section.section("veto"));
            rollbacks.write(section.section("rollbacks"));
            promotions.write(section.section("promotions"));
        }
    }

    /** Creates an instance without a serving version. */
    static Champion none(PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory) {
        return new Champion(
                rules,
                goal,
                heads,
                memory,
                new State(
                        new ScoreWindow(),
                        Suspension.none(),
                        GuardVeto.none(goal, memory),
                        new ErrorBudget(rules.errorShare()),
                        new ErrorBudget(rules.errorShare())));
    }

    /** Reads the scores that {@link #write} wrote. {@link #restore} restores the version itself. */
    static Champion read(
            PromotionConfig rules, Goal goal, Heads heads, LaneMemory memory, Digest baseModel, SectionReader section) {
        Champion champion = new Champion(rules, goal, heads, memory, State.read(rules, goal, memory, section));
        if (section.hasSection("predecessor")) {
            champion.predecessor = Rival.read(section.section("predecessor"), heads, baseModel, memory.names(), 0);
        }
        if (section.hasSection("former")) {
            champion.former = Rival.read(section.section("former"), heads, baseModel, memory.names(), 0);
        }
        if (section.hasSection("candidate")) {
            champion.candidate =
                    Rival.read(section.section("candidate"), heads, baseModel, memory.names(), rules.smallestEffect());
        }
        return champion;
    }

    /** Writes the scores. The version itself is a separate artifact. */
    void write(SectionWriter section) {
        state.write(section);
        if (predecessor != null) {
            predecessor.write(section.section("predecessor"));
        }
        if (former != null) {
            former.write(section.section("former"));
        }
        if (candidate != null) {
            candidate.write(section.section("candidate"));
        }
    }

    /** Restores the version that served when the lane was saved; the comparison continues. */
    void restore(HeadArtifact served) {
        artifact = served;
        head = PublishedHead.open(served, heads);
    }

    /** Makes {@code artifact} the serving version; the comparison starts again. */
    void promote(HeadArtifact promoted) {
        predecessor = closed(predecessor);
        former = closed(former);
        replaceBy(promoted, PublishedHead.open(promoted, heads));
    }

    /**
     * Lets a version that has been published try to prove that it is better than the champion, if versions must do so and
     * no other one is trying.
     */
    void consider(VersionRef version, Supplier<HeadArtifact> published) {
        if (rules.mode() == Mode.VERSION && head != null && candidate == null) {
            candidate = Rival.of(version, published.get(), heads, rules.smallestEffect());
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
        for (Rival rival : rivals()) {
            rival.compare(goal, features, expected, own);
        }
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            SampleScores one = scores.get(i);
            state.window().add(one.championScore(), one.challengerScore());
            state.suspension()
                    .observe(one.championScore(), one.challengerScore(), memory.stratum(expected.get(i)))
                    .ifPresent(changes::add);
        }
        if (!changes.isEmpty()) {
            state.rollbacks().endRound(false);
            rivals().forEach(Rival::restart);
        }
        state.suspension().endIfProved(state.rollbacks().required(ROLLBACK_TESTS));
        return changes;
    }

    private List<Rival> rivals() {
        return Stream.of(predecessor, former, candidate)
                .filter(Objects::nonNull)
                .toList();
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
        for (Rival earlier : Arrays.asList(former, predecessor)) {
            if (earlier != null
                    && earlier.better().evidence() >= state.rollbacks().required(ROLLBACK_TESTS)) {
                return rollBack(earlier, recent, serving);
            }
        }
        if (rules.mode() == Mode.VERSION) {
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
        boolean proved = test.evidence() >= state.promotions().required(1);
        String reason = String.format(
                Locale.ROOT,
                "version %d is %s better than the champion: its %s was %+.1f points on %d samples after it",
                proving.version().number(),
                proved ? "proved to be" : "not yet proved to be",
                goal.scoreName(),
                100 * test.meanDifference(),
                test.samples());
        if (!proved) {
            if (test.samples() >= CANDIDATE_SAMPLES) {
                state.promotions().endRound(false);
                candidate = closed(candidate);
            }
            return Verdict.rejected(reason, recent, ScorePair.NONE);
        }
        PublishedHead opened = PublishedHead.open(proving.artifact(), heads);
        Admission admission = admission(head, opened, reason);
        if (!admission.granted()) {
            opened.close();
            return Verdict.rejected(admission.reason(), recent, admission.guard());
        }
        state.promotions().endRound(true);
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
        String reason = String.format(
                Locale.ROOT,
                "version %d serves again: its %s was %.1f points higher than that of the versions after it, on %d identical"
                        + " samples",
                earlier.version().number(),
                goal.scoreName(),
                100 * test.meanDifference(),
                test.samples());
        HeadArtifact again = earlier.artifact();
        state.rollbacks().endRound(true);
        if (earlier == former) {
            keepAsFormer(serving);
        }
        predecessor = closed(predecessor);
        replaceBy(again, PublishedHead.open(again, heads));
        state.suspension().begin();
        return new Verdict(false, reason, recent, ScorePair.NONE, earlier.version());
    }

    /** Keeps the serving version for comparisons before another one takes its place. */
    private void keep(@Nullable VersionRef serving) {
        if (state.suspension().takeEnded()) {
            keepAsFormer(serving);
        } else {
            keepAsPredecessor(serving);
        }
    }

    private void keepAsFormer(@Nullable VersionRef serving) {
        former = closed(former);
        if (serving != null && artifact != null) {
            former = Rival.of(serving, artifact, heads, 0);
        }
    }

    /** Begins to watch the next versions beside the serving one, unless an earlier one is being watched. */
    private void keepAsPredecessor(@Nullable VersionRef serving) {
        boolean watching = predecessor != null
                && (predecessor.better().samples() < WATCHED_SAMPLES
                        || predecessor.better().evidence() > SUSPICIOUS);
        if (serving != null && artifact != null && !watching) {
            if (predecessor != null) {
                state.rollbacks().endRound(false);
            }
            predecessor = closed(predecessor);
            predecessor = Rival.of(serving, artifact, heads, 0);
        }
    }

    private void replaceBy(HeadArtifact promoted, PublishedHead next) {
        artifact = promoted;
        if (head != null) {
            head.close();
        }
        head = next;
        candidate = closed(candidate);
        state.window().clear();
        state.veto().end();
    }

    /** Closes what is not null; returns null, which takes its place. */
    private static @Nullable Rival closed(@Nullable Rival rival) {
        if (rival != null) {
            rival.close();
        }
        return null;
    }

    @Override
    public void close() {
        rivals().forEach(Rival::close);
        if (head != null) {
            head.close();
        }
    }
}
