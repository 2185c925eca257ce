package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AnchorConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The samples that heads are scored on and never trained on: every n-th sample of the lane until there are enough, or
 * the held-out samples of the lane that it was started from. Not thread-safe.
 */
public final class HeldOutSamples {
    private final AnchorConfig config;
    private final List<StoredSample> samples;
    private final boolean inherited;

    HeldOutSamples(AnchorConfig config, List<StoredSample> samples, boolean inherited) {
        this.config = config;
        this.samples = new ArrayList<>(samples);
        this.inherited = inherited;
    }

    static HeldOutSamples read(AnchorConfig config, SectionReader section, int outputs, boolean inherited) {
        return new HeldOutSamples(config, StoredSamples.read(section, outputs), inherited);
    }

    void write(SectionWriter section) {
        StoredSamples.write(section, samples);
    }

    /** Keeps the sample if it must be held out, and returns whether it was kept. */
    boolean offer(StoredSample sample, long number) {
        boolean taken = !inherited && samples.size() < config.samples() && number % config.every() == 0;
        if (taken) {
            samples.add(sample);
        }
        return taken;
    }

    /** Removes one sample that is the same as {@code sample}; returns whether there was one. */
    boolean forget(StoredSample sample) {
        return StoredSamples.removeOne(samples, sample).isPresent();
    }

    /** Returns all held-out samples in the order in which they were added. */
    public List<StoredSample> all() {
        return Collections.unmodifiableList(samples);
    }

    /** Returns whether there are held-out samples and no more will be added. */
    public boolean areComplete() {
        return !samples.isEmpty() && (inherited || samples.size() >= config.samples());
    }
}
