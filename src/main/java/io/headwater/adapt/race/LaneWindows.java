package io.headwater.adapt.race;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.memory.StoredSamples;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.task.LinearTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The windows of a lane: all samples, the samples since the last change of the stream, and the newest samples. Not
 * thread-safe.
 */
final class LaneWindows {
    /** Number of samples in the window of the newest samples. */
    private static final int RECENT = 256;

    /** Number of samples after which the window since a change that was only possible is given up. */
    private static final long UNCONFIRMED = 512;

    /**
     * Number of samples after the window since a change has begun in which further signals belong to the same change:
     * detectors differ in their delays, and in where they place the change.
     */
    private static final long SAME_CHANGE = 64;

    private static final String ALL = "all";
    private static final String MARK = "mark";
    private static final String BEGUN = "begun";
    private static final String CERTAIN = "certain";

    private final Window all;
    private final Window sinceChange;
    private final Window recent;
    private final Window none;
    private final ArrayDeque<StoredSample> newest;

    /** Number of the sample with which the window since the last change began most recently. */
    private long begun;

    /** Whether the last change is certain. */
    private boolean certain;

    private LaneWindows(Window all, Window sinceChange, Window recent, List<StoredSample> newest) {
        this.all = all;
        this.sinceChange = sinceChange;
        this.recent = recent;
        this.none = Window.empty(all.kind(), all.moments().width(), Long.MAX_VALUE);
        this.newest = new ArrayDeque<>(newest);
    }

    /**
     * Creates empty windows.
     *
     * @param width number of features of a row
     */
    static LaneWindows empty(LinearTarget kind, int width) {
        return new LaneWindows(
                Window.empty(kind, width, 0),
                Window.empty(kind, width, Long.MAX_VALUE),
                Window.empty(kind, width, 0),
                List.of());
    }

    static LaneWindows read(LinearTarget kind, int width, SectionReader section, int outputs) {
        List<StoredSample> newest = StoredSamples.read(section.section("newest"), outputs);
        Window recent =
                Window.empty(kind, width, newest.isEmpty() ? 0 : newest.get(0).number());
        recent.add(newest);
        LaneWindows read = new LaneWindows(
                Window.read(kind, width, ofAllSamples(section), outputs),
                Window.read(kind, width, section.section("since-change"), outputs),
                recent,
                newest);
        if (section.hasSection(MARK)) {
            read.begun = section.section(MARK).value(BEGUN, Long::valueOf);
            read.certain = section.section(MARK).value(CERTAIN, Boolean::parseBoolean);
        }
        return read;
    }

    /** Returns the section of the window of all samples. */
    static SectionReader ofAllSamples(SectionReader section) {
        return section.section(ALL);
    }

    /** Writes everything; the window of the newest samples follows from these samples. */
    void write(SectionWriter section) {
        all.write(section.section(ALL));
        sinceChange.write(section.section("since-change"));
        StoredSamples.write(section.section("newest"), List.copyOf(newest));
        section.section(MARK).value(BEGUN, begun);
        section.section(MARK).value(CERTAIN, certain);
    }

    Window of(Scope scope) {
        return switch (scope) {
            case ALL -> all;
            case SINCE_CHANGE -> sinceChange;
            case RECENT -> recent;
            case NONE -> none;
        };
    }

    /** Returns the newest samples, the oldest first. */
    List<StoredSample> newest() {
        return List.copyOf(newest);
    }

    void add(List<StoredSample> samples) {
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
    }

    /** Returns whether the samples since the last change are known. */
    private boolean isOpen() {
        return sinceChange.from() != Long.MAX_VALUE;
    }

    /**
     * Returns whether the window since the last change should begin at {@code point}: it has not begun, or because of
     * another change. A change that is only possible does not replace a certain one.
     */
    boolean isNews(ChangePoint point) {
        return !isOpen() || (point.certain() || !certain) && point.from() > begun + SAME_CHANGE;
    }

    /** Notes that the last change is certain if {@code point} is. */
    void confirm(ChangePoint point) {
        certain |= point.certain();
    }

    /**
     * Lets the window since the last change begin at {@code point}, as far as its samples are among the newest, and
     * returns their number.
     */
    int change(ChangePoint point) {
        List<StoredSample> since =
                newest.stream().filter(one -> one.number() >= point.from()).toList();
        sinceChange.restart(since.isEmpty() ? point.from() : since.get(0).number());
        sinceChange.add(since);
        begun = newest.isEmpty() ? 0 : newest.getLast().number();
        certain = point.certain();
        return since.size();
    }

    /** Gives up the window since a change that was only possible after a while, and returns whether it did. */
    boolean giveUp() {
        if (!isOpen() || certain || newest.isEmpty() || newest.getLast().number() - begun < UNCONFIRMED) {
            return false;
        }
        sinceChange.restart(Long.MAX_VALUE);
        return true;
    }

    /** Makes the window of all samples that of the samples since the last change, which then has not begun. */
    void adopt() {
        all.become(sinceChange);
        sinceChange.restart(Long.MAX_VALUE);
        certain = false;
    }

    /**
     * Returns the windows with which another lane starts: that of all samples, which have no numbers in the other lane,
     * goes on, and the others begin with its first sample.
     */
    LaneWindows asStart() {
        all.beginWith(0);
        int width = all.moments().width();
        LaneWindows start =
                new LaneWindows(all, Window.empty(all.kind(), width, 1), Window.empty(all.kind(), width, 1), List.of());
        start.certain = true;
        return start;
    }

    /** Makes the samples of one class samples of another one, exactly. */
    void relabel(Relabelling relabelling) {
        List.of(all, sinceChange, recent).forEach(window -> window.relabel(relabelling));
        List<StoredSample> samples = newest.stream().map(relabelling::apply).toList();
        newest.clear();
        newest.addAll(samples);
    }

    /**
     * Returns whether it is known whether a sample belongs to the window of all samples: it has a number, or this window
     * begins with the lane.
     */
    boolean knows(StoredSample sample) {
        return sample.number() > 0 || all.from() <= 1;
    }

    /** Removes a sample of the lane, which it must {@linkplain #knows know}, from all windows, exactly. */
    void forget(StoredSample sample) {
        if (sample.number() == 0 && isOpen() && sinceChange.from() > 1) {
            // It is not known whether the sample came since the change, but it is none of the newest samples.
            sinceChange.restart(newest.getFirst().number());
            sinceChange.add(newest());
        }
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
    }
}
