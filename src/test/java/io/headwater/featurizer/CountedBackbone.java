package io.headwater.featurizer;

import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import io.headwater.testing.HashBackbone;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@link HashBackbone} that counts what it computes, or that may not be used at all. */
final class CountedBackbone implements Backbone {
    private final Backbone computing = new HashBackbone();
    private final boolean isForbidden;
    private final AtomicInteger inputs = new AtomicInteger();

    private CountedBackbone(boolean isForbidden) {
        this.isForbidden = isForbidden;
    }

    static CountedBackbone counting() {
        return new CountedBackbone(false);
    }

    /** Returns a backbone that fails when it is asked to compute anything. */
    static CountedBackbone forbidden() {
        return new CountedBackbone(true);
    }

    int inputs() {
        return inputs.get();
    }

    @Override
    public Digest digest() {
        return computing.digest();
    }

    @Override
    public int width() {
        return computing.width();
    }

    @Override
    public List<float[]> features(List<ModelInput> all) {
        if (isForbidden) {
            throw new AssertionError("features that a featurizer computes must not be computed here");
        }
        inputs.addAndGet(all.size());
        return computing.features(all);
    }

    @Override
    public void close() {
        computing.close();
    }
}
