package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;
import java.util.List;

/**
 * The samples of a lane from a certain one on, as exact sums. Which samples have been added and removed determines the
 * state to the bit; their order does not. Not thread-safe.
 */
final class Window {
    private static final String SUMS = "sums";
    private static final String FROM = "from";

    private final LinearTarget kind;
    private final Moments moments;
    private long from;

    private Window(LinearTarget kind, Moments moments, long from) {
        this.kind = kind;
        this.moments = moments;
        this.from = from;
    }

    /**
     * Creates an empty window.
     *
     * @param width number of features of a row
     * @param from number of the first sample that belongs to it
     */
    static Window empty(LinearTarget kind, int width, long from) {
        return new Window(kind, Moments.of(width), from);
    }

    static Window read(LinearTarget kind, int width, SectionReader section) {
        return new Window(kind, sums(width, section), from(section));
    }

    /** Reads the sums of a window. */
    static Moments sums(int width, SectionReader section) {
        return Moments.restore(width, section.anyTensors(SUMS));
    }

    /** Reads the number of the first sample that belongs to a window. */
    static long from(SectionReader section) {
        return section.value(FROM, Long::valueOf);
    }

    void write(SectionWriter section) {
        section.tensors(SUMS, moments.state());
        section.value(FROM, from);
    }

    /** Returns the form of the targets. */
    LinearTarget kind() {
        return kind;
    }

    /** Returns the number of the first sample that belongs to the window. */
    long from() {
        return from;
    }

    /** Returns whether a sample of the lane belongs to the window. */
    boolean includes(StoredSample sample) {
        return sample.number() >= from;
    }

    /** Adds those samples that belong to the window. */
    void add(List<StoredSample> samples) {
        SampleTargets.of(kind, moments.width(), included(samples)).addTo(moments);
    }

    /** Removes those samples that belong to the window. */
    void remove(List<StoredSample> samples) {
        SampleTargets.of(kind, moments.width(), included(samples)).removeFrom(moments);
    }

    /** Empties the window, and lets it begin with the sample of this number. */
    void restart(long number) {
        moments.clear();
        from = number;
    }

    /** Makes this the window of the same samples as another one. */
    void become(Window other) {
        moments.clear();
        moments.addAll(other.moments);
        from = other.from;
    }

    /**
     * Adds rows of another lane, which have no numbers in this one.
     *
     * @param less those of these rows that the window contains already; empty when there are none
     */
    void merge(Moments rows, Moments less) {
        moments.addAll(rows);
        moments.subtractAll(less);
    }

    /** Lets the window begin with the sample of this number; the samples before it have been removed. */
    void beginWith(long number) {
        from = number;
    }

    /** Returns the rows of samples with their targets. */
    SampleTargets targets(List<StoredSample> samples) {
        return SampleTargets.of(kind, moments.width(), samples);
    }

    /** Returns the sums, which must not be changed. */
    Moments moments() {
        return moments;
    }

    /** Returns the sums without some samples. */
    Moments without(List<StoredSample> samples) {
        Moments rest = moments.copy();
        SampleTargets.of(kind, moments.width(), included(samples)).removeFrom(rest);
        return rest;
    }

    private List<StoredSample> included(List<StoredSample> samples) {
        return samples.stream().filter(this::includes).toList();
    }
}
