package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.GuardConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The guard set of a lane that is trained by gradients: samples that it is not trained on, equally many of each stratum.
 * Every n-th sample of a stratum enters the set; those that have to leave it are trained on then. A lane that starts from
 * another one keeps the set of that lane as it is. Not thread-safe.
 */
public final class HeldOutSamples {
    private static final int FEWEST = 2;

    private final GuardConfig config;
    private final boolean inherited;
    private final SortedMap<Integer, Deque<StoredSample>> strata = new TreeMap<>();
    private int[] seen;

    HeldOutSamples(GuardConfig config, List<StoredSample> samples, boolean inherited) {
        this(config, samples, inherited, new int[0]);
    }

    private HeldOutSamples(GuardConfig config, List<StoredSample> samples, boolean inherited, int[] seen) {
        this.config = config;
        this.inherited = inherited;
        this.seen = seen;
        samples.forEach(one -> stratum(one).addLast(one));
    }

    static HeldOutSamples read(GuardConfig config, SectionReader section, int outputs, boolean inherited) {
        // Checkpoints of release 0.1.0 do not have the numbers of samples.
        int[] seen = section.has("seen") ? section.ints("seen") : new int[0];
        return new HeldOutSamples(config, StoredSamples.read(section, outputs), inherited, seen);
    }

    void write(SectionWriter section) {
        StoredSamples.write(section, all());
        section.ints("seen", seen);
    }

    /** Offers a sample, and returns the samples to train on: the sample itself, or those whose place it takes. */
    List<StoredSample> offer(StoredSample sample) {
        if (inherited || config.samples() == 0) {
            return List.of(sample);
        }
        int number = sample.stratum();
        if (number >= seen.length) {
            seen = Arrays.copyOf(seen, number + 1);
        }
        seen[number]++;
        if (seen[number] % config.every() != 0) {
            return List.of(sample);
        }
        stratum(sample).addLast(sample);
        int each = Math.max(FEWEST, config.samples() / strata.size());
        List<StoredSample> released = new ArrayList<>();
        strata.values().forEach(one -> {
            while (one.size() > each) {
                released.add(one.removeFirst());
            }
        });
        return released;
    }

    private Deque<StoredSample> stratum(StoredSample sample) {
        return strata.computeIfAbsent(sample.stratum(), number -> new ArrayDeque<>());
    }

    /** Makes the samples of one stratum samples of another one, behind those that this has. */
    void relabel(Relabelling relabelling) {
        Deque<StoredSample> from = strata.remove(relabelling.from());
        if (from != null) {
            from.stream().map(relabelling::apply).forEach(one -> stratum(one).addLast(one));
        }
        seen = relabelling.applyToCounts(seen);
    }

    /** Removes all samples of a stratum. */
    void drop(int stratum) {
        strata.remove(stratum);
        if (stratum < seen.length) {
            seen[stratum] = 0;
        }
    }

    /** Removes one sample that is the same as {@code sample}; returns whether there was one. */
    boolean forget(StoredSample sample) {
        Deque<StoredSample> own = strata.get(sample.stratum());
        return own != null
                && own.stream()
                        .filter(one -> one.hasContentOf(sample))
                        .findFirst()
                        .map(own::remove)
                        .orElse(false);
    }

    /** Removes the sample of this number; returns whether there was one. */
    boolean forget(long number) {
        return strata.values().stream().anyMatch(own -> own.removeIf(one -> one.number() == number));
    }

    /** Returns all samples, those of each stratum together, the oldest first. */
    public List<StoredSample> all() {
        return strata.values().stream().flatMap(Deque::stream).toList();
    }

    /** Returns the number of samples of the stream that a sample of the set stands for; 1 in the set of a source. */
    public double weight(StoredSample sample) {
        Deque<StoredSample> own = strata.get(sample.stratum());
        return inherited || own == null || sample.stratum() >= seen.length
                ? 1
                : (double) seen[sample.stratum()] / own.size();
    }
}
