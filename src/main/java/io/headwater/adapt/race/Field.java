package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.memory.StoredSamples;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.task.LinearTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The contenders of a lane and the windows that they learn from: all samples, the samples since the last change of the
 * stream, and the newest samples. Not thread-safe.
 */
final class Field {
    /** Number of samples in the window of the newest samples. */
    static final int RECENT = 256;

    /** Number of the newest samples with which a window begins when a change is detected. */
    static final int SINCE_CHANGE = 32;

    private static final String BEFORE_CHANGE = "before-change";

    private final LinearTarget kind;
    private final List<Entry> entries;
    private final Window all;
    private final Window sinceChange;
    private final Window recent;
    private final ArrayDeque<StoredSample> newest;
    private final List<ClosedContender> contenders;
    /** The weights that led when the last change was detected. */
    private final ClosedContender beforeChange;

    private Field(
            LinearTarget kind,
            Window all,
            Window sinceChange,
            Window recent,
            ArrayDeque<StoredSample> newest,
            List<ClosedContender> contenders,
            ClosedContender beforeChange) {
        this.kind = kind;
        this.entries = entries(kind);
        this.all = all;
        this.sinceChange = sinceChange;
        this.recent = recent;
        this.newest = newest;
        this.contenders = contenders;
        this.beforeChange = beforeChange;
    }

    /** A contender by its window and rule. */
    private record Entry(Rule rule, Scope scope) {
        String name() {
            return rule.text() + scope.suffix;
        }
    }

    private enum Scope {
        ALL(""),
        SINCE_CHANGE("-since-change"),
        RECENT("-recent"),
        NONE("");

        private final String suffix;

        Scope(String suffix) {
            this.suffix = suffix;
        }
    }

    /** Returns the contenders for a form of targets; the first one leads at the start. */
    private static List<Entry> entries(LinearTarget kind) {
        return switch (kind) {
            case CLASSES ->
                List.of(
                        new Entry(Rule.LOGISTIC, Scope.ALL),
                        new Entry(Rule.DISCRIMINANT, Scope.ALL),
                        new Entry(Rule.SCALED_DISCRIMINANT, Scope.ALL),
                        new Entry(Rule.SCALED_LOGISTIC, Scope.ALL),
                        new Entry(Rule.LOOSE_LOGISTIC, Scope.ALL),
                        new Entry(Rule.STRONG_LOGISTIC, Scope.ALL),
                        new Entry(Rule.NEAREST_MEAN, Scope.ALL),
                        new Entry(Rule.LOGISTIC, Scope.SINCE_CHANGE),
                        new Entry(Rule.SCALED_DISCRIMINANT, Scope.SINCE_CHANGE),
                        new Entry(Rule.UNIFORM_DISCRIMINANT, Scope.RECENT),
                        new Entry(Rule.FORMER, Scope.NONE));
            case LABELS -> everyScope(Rule.LABELS);
            case NUMBERS -> everyScope(Rule.RIDGE);
        };
    }

    private static List<Entry> everyScope(Rule rule) {
        return List.of(
                new Entry(rule, Scope.ALL),
                new Entry(rule, Scope.SINCE_CHANGE),
                new Entry(rule, Scope.RECENT),
                new Entry(Rule.FORMER, Scope.NONE));
    }

    /**
     * Creates contenders that have learned nothing.
     *
     * @param width number of features of a row
     */
    static Field untrained(LinearTarget kind, int width) {
        Window all = Window.empty(kind, width, 0);
        Window sinceChange = Window.empty(kind, width, Long.MAX_VALUE);
        Window recent = Window.empty(kind, width, 0);
        List<ClosedContender> contenders = new ArrayList<>();
        for (Entry entry : entries(kind)) {
            contenders.add(ClosedContender.untrained(
                    entry.name(), entry.rule(), kind, window(entry.scope(), all, sinceChange, recent)));
        }
        return new Field(kind, all, sinceChange, recent, new ArrayDeque<>(), contenders, beforeChange(kind, width));
    }

    static Field read(LinearTarget kind, int width, SectionReader section, int outputs) {
        Window all = Window.read(kind, width, section.section("all"));
        Window sinceChange = Window.read(kind, width, section.section("since-change"));
        List<StoredSample> newest = StoredSamples.read(section.section("newest"), outputs);
        Window recent =
                Window.empty(kind, width, newest.isEmpty() ? 0 : newest.get(0).number());
        recent.add(newest);
        List<ClosedContender> contenders = new ArrayList<>();
        for (Entry entry : entries(kind)) {
            contenders.add(ClosedContender.read(
                    entry.name(),
                    entry.rule(),
                    kind,
                    window(entry.scope(), all, sinceChange, recent),
                    section.section(entry.name())));
        }
        ClosedContender beforeChange = ClosedContender.read(
                BEFORE_CHANGE, Rule.FORMER, kind, nothing(kind, width), section.section(BEFORE_CHANGE));
        return new Field(kind, all, sinceChange, recent, new ArrayDeque<>(newest), contenders, beforeChange);
    }

    private static Window nothing(LinearTarget kind, int width) {
        return Window.empty(kind, width, Long.MAX_VALUE);
    }

    private static ClosedContender beforeChange(LinearTarget kind, int width) {
        return ClosedContender.untrained(BEFORE_CHANGE, Rule.FORMER, kind, nothing(kind, width));
    }

    private static Window window(Scope scope, Window all, Window sinceChange, Window recent) {
        return switch (scope) {
            case ALL -> all;
            case SINCE_CHANGE -> sinceChange;
            case RECENT -> recent;
            case NONE -> nothing(all.kind(), all.moments().width());
        };
    }

    /** Writes everything; the window of the newest samples follows from these samples. */
    void write(SectionWriter section) {
        all.write(section.section("all"));
        sinceChange.write(section.section("since-change"));
        StoredSamples.write(section.section("newest"), List.copyOf(newest));
        contenders.forEach(one -> one.write(section.section(one.name())));
        beforeChange.write(section.section(BEFORE_CHANGE));
    }

    /** Returns the contenders; the first one leads at the start. */
    List<ClosedContender> contenders() {
        return contenders;
    }

    /** Returns the newest samples, the oldest first. */
    List<StoredSample> newest() {
        return List.copyOf(newest);
    }

    /**
     * Lets all contenders learn from new samples.
     *
     * @param memory the samples in memory, new ones included
     * @param outputs number of outputs
     */
    void learn(List<StoredSample> samples, List<StoredSample> memory, int outputs) {
        contenders.forEach(one -> one.calibrate(samples));
        all.add(samples);
        sinceChange.add(samples);
        recent.add(samples);
        newest.addAll(samples);
        List<StoredSample> old = new ArrayList<>();
        while (newest.size() > RECENT) {
            old.add(newest.removeFirst());
        }
        recent.remove(old);
        if (!newest.isEmpty()) {
            recent.beginWith(newest.getFirst().number());
        }
        long rows = SampleTargets.of(kind, all.moments().width(), samples).count();
        for (ClosedContender contender : contenders) {
            boolean included = samples.stream().anyMatch(contender.window()::includes);
            contender.changed(included ? rows : 0);
            contender.follow(memory, outputs);
        }
    }

    /**
     * Lets the window since the last change begin again with the newest samples.
     *
     * @param leader index of the leading contender, whose weights are kept in case that the stream changes back
     * @param samples number of the newest samples; fewer where fewer are known
     */
    void change(int leader, int samples, List<StoredSample> memory, int outputs) {
        beforeChange.take(contenders.get(leader).calibratedWeights());
        List<StoredSample> known = newest();
        List<StoredSample> since = known.subList(Math.max(0, known.size() - samples), known.size());
        sinceChange.restart(since.isEmpty() ? 0 : since.get(0).number());
        sinceChange.add(since);
        for (ClosedContender contender : contenders) {
            if (contender.window() == sinceChange) {
                contender.restart();
                contender.changed(since.size());
                contender.follow(memory, outputs);
            }
        }
    }

    /**
     * Lets the lane begin anew with the samples since the last change: the window of all samples becomes that of these.
     *
     * @return the index of the contender that takes the place of {@code contender}
     */
    int adopt(int contender, List<StoredSample> memory, int outputs) {
        int place = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).scope() == Scope.ALL) {
                place = entries.get(i).rule() == entries.get(contender).rule() ? i : place;
            }
        }
        all.become(sinceChange);
        sinceChange.restart(Long.MAX_VALUE);
        for (int i = 0; i < entries.size(); i++) {
            if (isFormer(i)) {
                contenders.get(i).take(beforeChange.calibratedWeights());
            } else if (entries.get(i).scope() != Scope.RECENT) {
                contenders.get(i).restart();
            }
            if (entries.get(i).scope() == Scope.ALL) {
                contenders.get(i).changed(all.moments().rows());
                contenders.get(i).follow(memory, outputs);
            }
        }
        return place;
    }

    /** Returns whether a contender has the weights that led before the last change. */
    boolean isFormer(int contender) {
        return entries.get(contender).rule() == Rule.FORMER;
    }

    /** Returns whether a contender learns from the samples since the last change. */
    boolean isSinceChange(int contender) {
        return entries.get(contender).scope() == Scope.SINCE_CHANGE;
    }

    /** Returns the number of the first sample that the contenders of all samples learn from. */
    long from() {
        return all.from();
    }

    /** Returns whether a contender learns from all samples. */
    boolean isOfAll(int contender) {
        return entries.get(contender).scope() == Scope.ALL;
    }

    /**
     * Returns the contenders with which another lane starts: those that learn from all samples have learned from the
     * samples of this lane, which have no numbers in the other one, and the others begin with its first sample.
     */
    Field asStart() {
        Window ownOnly = Window.empty(kind, all.moments().width(), 1);
        Window ownNewest = Window.empty(kind, all.moments().width(), 1);
        all.beginWith(0);
        List<ClosedContender> start = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            start.add(
                    entry.scope() == Scope.ALL
                            ? contenders.get(i)
                            : ClosedContender.untrained(
                                    entry.name(), entry.rule(), kind, window(entry.scope(), all, ownOnly, ownNewest)));
        }
        return new Field(
                kind,
                all,
                ownOnly,
                ownNewest,
                new ArrayDeque<>(),
                start,
                beforeChange(kind, all.moments().width()));
    }

    /**
     * Returns whether it is known to which windows a sample belongs: it has a number, or all windows but that of the
     * newest samples either begin with the lane or have not begun.
     */
    boolean knows(StoredSample sample) {
        return sample.number() > 0
                || all.from() <= 1 && (sinceChange.from() <= 1 || sinceChange.from() == Long.MAX_VALUE);
    }

    /** Removes a sample of the lane from all windows, exactly, and solves for all weights again. */
    void forget(StoredSample sample, List<StoredSample> memory, int outputs) {
        // A sample without a number belongs to the windows that begin with the lane, as its first sample does.
        List<StoredSample> one = List.of(
                sample.number() > 0
                        ? sample
                        : new StoredSample(sample.features(), sample.code(), sample.stratum(), 1, sample.next()));
        all.remove(one);
        sinceChange.remove(one);
        if (sample.number() > 0 && newest.removeIf(other -> other.number() == sample.number())) {
            recent.remove(one);
        }
        for (int i = 0; i < contenders.size(); i++) {
            if (isFormer(i)) {
                contenders.get(i).take(null);
            } else if (contenders.get(i).hasWeights()) {
                contenders.get(i).changed(1);
                contenders.get(i).finish(memory, outputs);
            }
        }
        beforeChange.take(null);
    }
}
