package io.headwater.adapt.race;

import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.memory.StoredSamples;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.SplitMix64;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Samples of a lane on which contenders are compared before another one takes the lead: for each stratum some of the
 * newest samples, and as many that were drawn at random from the older ones. For classification, the strata are the
 * classes. Contenders learn from these samples too, and are compared on them by weights that are computed without them.
 * Not thread-safe.
 */
final class GuardSet {
    private static final int FEWEST = 2;

    /** One of so many samples is taken, so that most samples of a class remain when the guard set is left out. */
    private static final int EVERY = 4;

    /** Number of samples of a stratum from which it has come again. */
    private static final int FEWEST_AGAIN = 16;

    /** The part of its earlier share of the samples from which a stratum still comes as often. */
    private static final double STILL_COMES = 0.5;

    private final int capacity;
    private boolean fixed;
    private final SortedMap<Integer, Stratum> strata = new TreeMap<>();
    private int[] seen = new int[0];

    /** The samples of one stratum. */
    private record Stratum(Deque<StoredSample> newest, List<StoredSample> older) {}

    private GuardSet(int capacity, boolean fixed) {
        this.capacity = capacity;
        this.fixed = fixed;
    }

    /**
     * Creates an empty set.
     *
     * @param capacity number of new samples and of old samples, in all strata together; with many strata each still has
     *     two of both
     */
    static GuardSet empty(int capacity) {
        return new GuardSet(capacity, false);
    }

    static GuardSet read(int capacity, SectionReader section, int outputs) {
        GuardSet read = new GuardSet(capacity, section.value("fixed", Boolean::parseBoolean));
        StoredSamples.read(section.section("newest"), outputs)
                .forEach(one -> read.stratum(one).newest().addLast(one));
        StoredSamples.read(section.section("older"), outputs)
                .forEach(one -> read.stratum(one).older().add(one));
        read.seen = section.ints("seen");
        return read;
    }

    void write(SectionWriter section) {
        section.value("fixed", fixed);
        section.ints("seen", seen);
        List<StoredSample> newest = new ArrayList<>();
        List<StoredSample> older = new ArrayList<>();
        strata.values().forEach(one -> {
            newest.addAll(one.newest());
            older.addAll(one.older());
        });
        StoredSamples.write(section.section("newest"), newest);
        StoredSamples.write(section.section("older"), older);
    }

    /** Returns the set of another lane that starts from this one; it stays as it is, if it is not empty. */
    GuardSet asStart() {
        List<StoredSample> samples = all();
        GuardSet start = new GuardSet(capacity, !samples.isEmpty());
        samples.forEach(one -> start.stratum(one).older().add(one.ofOtherLane()));
        return start;
    }

    void add(StoredSample sample) {
        if (capacity == 0) {
            return;
        }
        int number = sample.stratum();
        if (number >= seen.length) {
            seen = Arrays.copyOf(seen, number + 1);
        }
        seen[number]++;
        if (fixed || seen[number] % EVERY != 0) {
            return;
        }
        stratum(sample).newest().addLast(sample);
        int each = Math.max(FEWEST, capacity / strata.size());
        for (Stratum stratum : strata.values()) {
            while (stratum.newest().size() > each) {
                stratum.older().add(stratum.newest().removeFirst());
            }
            while (stratum.older().size() > each) {
                stratum.older().sort(Comparator.comparingLong(GuardSet::order));
                stratum.older().remove(stratum.older().size() - 1);
            }
        }
    }

    /** Returns a number in whose order older samples are kept: a random one for each sample, always the same. */
    private static long order(StoredSample sample) {
        return new SplitMix64(1, sample.number()).nextLong();
    }

    private Stratum stratum(StoredSample sample) {
        return strata.computeIfAbsent(sample.stratum(), stratum -> new Stratum(new ArrayDeque<>(), new ArrayList<>()));
    }

    /** Returns the number of samples of the stream that a sample of the set stands for, 1 in the set of a source. */
    double weight(StoredSample sample) {
        Stratum own = strata.get(sample.stratum());
        return fixed || own == null || sample.stratum() >= seen.length
                ? 1
                : (double) seen[sample.stratum()]
                        / (own.newest().size() + own.older().size());
    }

    /** Returns whether a sample is one of the newest of its stratum. */
    boolean isNew(StoredSample sample) {
        Stratum own = strata.get(sample.stratum());
        return own != null && own.newest().contains(sample);
    }

    /** Returns the number of samples of each stratum so far. */
    int[] seen() {
        return seen.clone();
    }

    /**
     * Removes the samples before the one of a number from each stratum that has come about as often since then as before.
     * The set of a source then also takes samples of the lane.
     *
     * @param number number of the sample
     * @param before the numbers of samples of each stratum before it
     * @return how many samples were removed
     */
    int expire(long number, int[] before) {
        int removed = all().size();
        int[] earlier = Arrays.copyOf(before, seen.length);
        double all = Math.max(1, Arrays.stream(earlier).sum());
        double since =
                Math.max(1, Arrays.stream(seen).sum() - Arrays.stream(earlier).sum());
        strata.forEach((stratum, own) -> {
            int came = stratum < seen.length ? seen[stratum] - earlier[stratum] : 0;
            if (came >= FEWEST_AGAIN && came / since >= STILL_COMES * earlier[stratum] / all) {
                own.newest().removeIf(sample -> sample.number() < number);
                own.older().removeIf(sample -> sample.number() < number);
            }
        });
        if (fixed) {
            fixed = false;
            // What the source knows, and the lane has not seen, counts as much as an average class of the lane.
            int mean = (int) Math.max(1, since / Math.max(1, strata.size()));
            seen = Arrays.copyOf(seen, Math.max(seen.length, strata.lastKey() + 1));
            strata.keySet().forEach(stratum -> seen[stratum] = Math.max(seen[stratum], mean));
        }
        return removed - all().size();
    }

    /** Makes the samples of one class samples of another one, behind those that this has. */
    void relabel(Relabelling relabelling) {
        Stratum from = strata.remove(relabelling.from());
        if (from != null) {
            from.newest().stream()
                    .map(relabelling::apply)
                    .forEach(one -> stratum(one).newest().addLast(one));
            from.older().stream()
                    .map(relabelling::apply)
                    .forEach(one -> stratum(one).older().add(one));
        }
        seen = relabelling.applyToCounts(seen);
    }

    /** Removes the sample of this number. */
    void remove(long number) {
        strata.values().forEach(one -> {
            one.newest().removeIf(sample -> sample.number() == number);
            one.older().removeIf(sample -> sample.number() == number);
        });
    }

    /** Removes the samples before the one of this number. */
    void removeBefore(long number) {
        if (!fixed) {
            strata.values().forEach(one -> {
                one.newest().removeIf(sample -> sample.number() < number);
                one.older().removeIf(sample -> sample.number() < number);
            });
        }
    }

    /** Returns all samples, old and new ones of each stratum in turn. */
    List<StoredSample> all() {
        List<StoredSample> all = new ArrayList<>();
        strata.values().forEach(one -> {
            List<StoredSample> newest = new ArrayList<>(one.newest());
            for (int i = 0; i < Math.max(newest.size(), one.older().size()); i++) {
                if (i < one.older().size()) {
                    all.add(one.older().get(i));
                }
                if (i < newest.size()) {
                    all.add(newest.get(i));
                }
            }
        });
        return all;
    }
}
