package io.headwater.adapt.race;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The contenders of a lane and the windows that they learn from. Not thread-safe. */
final class Field {
    private static final String BEFORE_CHANGE = "before-change";
    private static final FamilyMember FORMER = new FamilyMember(Rule.FORMER, Scope.NONE);

    private final LinearTarget kind;
    private final Terms terms;
    private final List<FamilyMember> family;
    private final LaneWindows windows;
    private final List<ClosedContender> contenders;
    /** The weights that led when the last change was detected. */
    private final ClosedContender beforeChange;

    private Field(
            LinearTarget kind,
            Terms terms,
            LaneWindows windows,
            List<ClosedContender> contenders,
            ClosedContender beforeChange) {
        this.kind = kind;
        this.terms = terms;
        this.family = FamilyMember.family(kind, terms.unlabelled());
        this.windows = windows;
        this.contenders = contenders;
        this.beforeChange = beforeChange;
    }

    /**
     * Creates contenders that have learned nothing.
     *
     * @param width number of features of a row
     */
    static Field untrained(LinearTarget kind, int width, Terms terms) {
        LaneWindows windows = LaneWindows.empty(kind, width);
        List<ClosedContender> contenders = FamilyMember.family(kind, terms.unlabelled()).stream()
                .map(member -> untrained(member, windows, terms))
                .toList();
        return new Field(kind, terms, windows, contenders, untrained(FORMER, windows, terms));
    }

    private static ClosedContender untrained(FamilyMember member, LaneWindows windows, Terms terms) {
        return ClosedContender.untrained(member, windows.of(member.scope()), terms);
    }

    static Field read(LinearTarget kind, int width, Terms terms, SectionReader section, int outputs) {
        LaneWindows windows = LaneWindows.read(kind, width, section, outputs);
        List<ClosedContender> contenders = new ArrayList<>();
        for (FamilyMember member : FamilyMember.family(kind, terms.unlabelled())) {
            contenders.add(
                    member.usesUnlabelled() && !section.hasSection(member.name())
                            ? untrained(member, windows, terms)
                            : ClosedContender.read(
                                    member, windows.of(member.scope()), terms, section.section(member.name())));
        }
        ClosedContender beforeChange =
                ClosedContender.read(FORMER, windows.of(Scope.NONE), terms, section.section(BEFORE_CHANGE));
        return new Field(kind, terms, windows, contenders, beforeChange);
    }

    /** Returns the section of the window of all samples. */
    static SectionReader ofAllSamples(SectionReader section) {
        return LaneWindows.ofAllSamples(section);
    }

    void write(SectionWriter section) {
        windows.write(section);
        contenders.forEach(one -> one.write(section.section(one.name())));
        beforeChange.write(section.section(BEFORE_CHANGE));
    }

    /** Returns the contenders; the first one leads at the start. */
    List<ClosedContender> contenders() {
        return contenders;
    }

    /** Returns their names, in the same order. */
    List<String> names() {
        return contenders.stream().map(ClosedContender::name).toList();
    }

    /** Returns the number of features of a row. */
    int width() {
        return windows.of(Scope.ALL).moments().width();
    }

    /** Returns the newest samples, the oldest first. */
    List<StoredSample> newest() {
        return windows.newest();
    }

    /**
     * Lets all contenders learn from new samples.
     *
     * @param memory the samples in memory, new ones included
     * @param outputs number of outputs
     */
    void learn(List<StoredSample> samples, List<StoredSample> memory, int outputs) {
        contenders.forEach(one -> one.calibrate(samples));
        windows.add(samples);
        if (windows.giveUp()) {
            restartSinceChange();
        }
        long rows = SampleTargets.of(kind, width(), samples).count();
        for (ClosedContender contender : contenders) {
            boolean included = samples.stream().anyMatch(contender.window()::includes);
            contender.learned(included ? rows : 0);
            contender.follow(memory, outputs);
        }
    }

    /**
     * Lets the window since the last change begin at {@code point}, unless it has begun with this change already.
     *
     * @param leader index of the leading contender, whose weights are kept in case that the stream changes back
     */
    void change(ChangePoint point, int leader, List<StoredSample> memory, int outputs) {
        if (windows.isNews(point)) {
            keepBeforeChange(contenders.get(leader).calibratedWeights());
            int samples = windows.change(point);
            restartSinceChange();
            for (int i = 0; i < family.size(); i++) {
                if (isSinceChange(i)) {
                    contenders.get(i).changed(samples);
                    contenders.get(i).follow(memory, outputs);
                }
            }
        }
        windows.confirm(point);
    }

    private void restartSinceChange() {
        for (int i = 0; i < family.size(); i++) {
            if (isSinceChange(i)) {
                contenders.get(i).restart();
            }
        }
    }

    /**
     * Lets the lane begin anew with the samples since the last change: the window of all samples becomes that of these.
     *
     * @return the index of the contender that takes the place of {@code contender}
     */
    int adopt(int contender, List<StoredSample> memory, int outputs) {
        windows.adopt();
        for (int i = 0; i < family.size(); i++) {
            if (isFormer(i)) {
                contenders.get(i).take(beforeChange.calibratedWeights());
            } else if (family.get(i).scope() != Scope.RECENT) {
                contenders.get(i).restart();
            }
            if (isOfAll(i)) {
                contenders.get(i).changed(contenders.get(i).window().moments().rows());
                contenders.get(i).follow(memory, outputs);
            }
        }
        return Math.max(0, family.indexOf(new FamilyMember(family.get(contender).rule(), Scope.ALL)));
    }

    /**
     * Keeps the weights that led before a change. They compete at once, unless a lane that has followed an earlier change
     * keeps its former weights: a stretch of wrong labels is over as soon as they are better than what has learned from it.
     */
    private void keepBeforeChange(@Nullable LinearWeights weights) {
        beforeChange.take(weights);
        for (int i = 0; i < family.size(); i++) {
            if (isFormer(i) && !contenders.get(i).hasWeights()) {
                contenders.get(i).take(weights);
            }
        }
    }

    /** Returns whether a contender has the weights that led before the last change. */
    boolean isFormer(int contender) {
        return family.get(contender).isFormer();
    }

    /** Returns whether a contender learns from the samples since the last change. */
    boolean isSinceChange(int contender) {
        return family.get(contender).scope() == Scope.SINCE_CHANGE;
    }

    /** Returns whether a contender learns from all samples. */
    boolean isOfAll(int contender) {
        return family.get(contender).scope() == Scope.ALL;
    }

    /** Returns the number of the first sample that the contenders of all samples learn from. */
    long from() {
        return windows.of(Scope.ALL).from();
    }

    /**
     * Returns the contenders with which another lane starts: those that learn from all samples have learned from the
     * samples of this lane, and the others have learned nothing.
     */
    Field asStart() {
        LaneWindows start = windows.asStart();
        List<ClosedContender> contenders = new ArrayList<>();
        for (int i = 0; i < family.size(); i++) {
            contenders.add(isOfAll(i) ? this.contenders.get(i) : untrained(family.get(i), start, terms));
        }
        return new Field(kind, terms, start, contenders, untrained(FORMER, start, terms));
    }

    /** Returns whether it is known whether a sample belongs to the window of all samples. */
    boolean knows(StoredSample sample) {
        return windows.knows(sample);
    }

    /** Removes samples with numbers from all windows, exactly; the weights follow with the next step. */
    void unlearn(List<StoredSample> samples) {
        samples.forEach(windows::forget);
        for (ClosedContender contender : contenders) {
            List<StoredSample> included =
                    samples.stream().filter(contender.window()::includes).toList();
            contender.changed(SampleTargets.of(kind, width(), included).count());
        }
    }

    /** Removes a sample of the lane from all windows, exactly, and solves for all weights again. */
    void forget(StoredSample sample, List<StoredSample> memory, int outputs) {
        windows.forget(sample);
        dropFormer();
        for (ClosedContender contender : contenders) {
            if (contender.hasWeights()) {
                contender.solve(memory, outputs);
            }
        }
    }

    /** Makes the samples of one class samples of another one, exactly, and solves for all weights again. */
    void relabel(Relabelling relabelling, List<StoredSample> memory, int outputs) {
        windows.relabel(relabelling);
        dropUnlabelled();
        solveAgain(memory, outputs);
    }

    /** Removes samples of the lane from all windows, exactly, and solves for all weights again. */
    void takeOut(List<StoredSample> samples, List<StoredSample> memory, int outputs) {
        samples.forEach(windows::forget);
        dropFormer();
        solveAgain(memory, outputs);
    }

    private void solveAgain(List<StoredSample> memory, int outputs) {
        for (ClosedContender contender : contenders) {
            if (contender.hasWeights() && !contender.isGiven()) {
                contender.solve(memory, outputs);
            }
        }
    }

    /** Drops the weights from before a change and those that came from samples without a label, from which nothing can be removed. */
    void dropFormer() {
        for (int i = 0; i < contenders.size(); i++) {
            if (family.get(i).isGiven()) {
                contenders.get(i).take(null);
            }
        }
        beforeChange.take(null);
    }

    /** Drops the weights that came from samples without a label. */
    void dropUnlabelled() {
        for (int i = 0; i < contenders.size(); i++) {
            if (usesUnlabelled(i)) {
                contenders.get(i).take(null);
            }
        }
    }

    /** Returns whether all contenders that use samples without a label have weights for so many outputs. */
    boolean hasUnlabelledWeights(int outputs) {
        for (int i = 0; i < contenders.size(); i++) {
            if (usesUnlabelled(i) && contenders.get(i).outputs() != outputs) {
                return false;
            }
        }
        return true;
    }

    /** Returns how a contender computes its weights. */
    Rule rule(int contender) {
        return family.get(contender).rule();
    }

    /** Returns whether a contender uses samples without a label. */
    boolean usesUnlabelled(int contender) {
        return family.get(contender).usesUnlabelled();
    }

    /** Returns the samples that the contenders of all samples have learned from. */
    AllSamples allSamples() {
        Window all = windows.of(Scope.ALL);
        return new AllSamples(all.moments(), all.from());
    }

    /**
     * Adds samples of another lane to the window of all samples, and solves for the weights of its contenders again.
     *
     * @param rows sums of these samples
     * @param less sums of those of them that the window contains already; samples may be among these that the other lane has
     *     forgotten, so that no weights may remain from which nothing can be removed. Empty when there are none
     */
    void merge(Moments rows, Moments less, List<StoredSample> memory, int outputs) {
        Window all = windows.of(Scope.ALL);
        all.merge(rows, less);
        if (!less.isEmpty()) {
            dropFormer();
        }
        for (int i = 0; i < contenders.size(); i++) {
            if (isOfAll(i)) {
                contenders.get(i).solve(memory, outputs);
            }
        }
    }
}
