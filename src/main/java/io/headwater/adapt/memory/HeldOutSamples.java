package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AnchorConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The samples that heads are scored on and never trained on: every so many-th one of the lane until there are enough, or
 * those of the lane that it was started from. Not thread-safe.
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

    /** Keeps the sample when it is one to hold out. */
    boolean offer(StoredSample sample, long number) {
        boolean taken = !inherited && samples.size() < config.samples() && number % config.every() == 0;
        if (taken) {
            samples.add(sample);
        }
        return taken;
    }

    /** All of them, in the order in which they came. */
    public List<StoredSample> all() {
        return Collections.unmodifiableList(samples);
    }

    /** Whether there are some, and no more will come. */
    public boolean areComplete() {
        return !samples.isEmpty() && (inherited || samples.size() >= config.samples());
    }
}
