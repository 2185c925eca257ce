package io.headwater.adapt.race;

import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.memory.StoredSamples;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a lane from a certain one on, as exact sums. Which samples have been added and removed determines the
 * state to the bit; their order does not. Not thread-safe.
 */
final class Window {
    private static final String SUMS = "sums";
    private static final String FROM = "from";
    private static final String SINCE = "since";

    /** Number of values of samples since the sums were stored from which they are stored again. */
    private static final long MOST_SINCE = 1 << 22;

    private final LinearTarget kind;
    private final Moments moments;
    private long from;
    /** What has been added since a checkpoint stored the sums; null when they must be stored again. */
    private @Nullable Since since;

    /**
     * Samples that were added after sums had been stored.
     *
     * @param stored stands for the stored sums
     */
    private record Since(Object stored, List<StoredSample> samples) {

        static @Nullable Since of(@Nullable Object stored, List<StoredSample> samples) {
            return stored == null ? null : new Since(stored, new ArrayList<>(samples));
        }

        boolean isTooLong() {
            return samples.size() > 1 && (long) samples.size() * samples.get(0).features().length > MOST_SINCE;
        }
    }

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

    static Window read(LinearTarget kind, int width, SectionReader section, int outputs) {
        Window read = new Window(kind, sums(kind, width, section, outputs), from(section));
        read.since = Since.of(section.state(SUMS), since(section, outputs));
        return read;
    }

    /** Reads the sums of a window: those that were stored, and the samples since. */
    static Moments sums(LinearTarget kind, int width, SectionReader section, int outputs) {
        Moments sums = Moments.restore(width, section.anyTensors(SUMS));
        SampleTargets.of(kind, width, since(section, outputs)).addTo(sums);
        return sums;
    }

    private static List<StoredSample> since(SectionReader section, int outputs) {
        return section.hasSection(SINCE) ? StoredSamples.read(section.section(SINCE), outputs) : List.of();
    }

    /** Reads the number of the first sample that belongs to a window. */
    static long from(SectionReader section) {
        return section.value(FROM, Long::valueOf);
    }

    void write(SectionWriter section) {
        section.value(FROM, from);
        if (since != null && section.repeats(SUMS, since.stored())) {
            StoredSamples.write(section.section(SINCE), since.samples());
        } else {
            since = Since.of(section.group(SUMS, moments.state()), List.of());
        }
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
        List<StoredSample> added = included(samples);
        SampleTargets.of(kind, moments.width(), added).addTo(moments);
        if (since != null) {
            since.samples().addAll(added);
            since = since.isTooLong() ? null : since;
        }
    }

    /** Removes those samples that belong to the window. */
    void remove(List<StoredSample> samples) {
        since = null;
        SampleTargets.of(kind, moments.width(), included(samples)).removeFrom(moments);
    }

    /** Makes the samples of one class samples of another one. */
    void relabel(Relabelling relabelling) {
        since = null;
        moments.moveClass(relabelling.from(), relabelling.to());
    }

    /** Empties the window, and lets it begin with the sample of this number. */
    void restart(long number) {
        since = null;
        moments.clear();
        from = number;
    }

    /** Makes this the window of the same samples as another one. */
    void become(Window other) {
        since = null;
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
        since = null;
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
