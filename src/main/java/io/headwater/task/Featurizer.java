package io.headwater.task;

import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.RunTimes;
import io.headwater.engine.cache.FeatureCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes the features of payloads: a task prepares them, and a backbone computes the features, which are cached.
 * Safe for use by several threads.
 */
public final class Featurizer {
    private final Task task;
    private final Backbone backbone;
    private final FeatureCache cache;
    private final FeatureSource source;
    private final RunTimes times;

    /**
     * Creates a featurizer.
     *
     * @param cache feature cache used only for this backbone
     */
    public Featurizer(Task task, Backbone backbone, FeatureCache cache) {
        this(task, backbone, cache, FeatureSource.NONE, new RunTimes());
    }

    private Featurizer(Task task, Backbone backbone, FeatureCache cache, FeatureSource source, RunTimes times) {
        this.task = task;
        this.backbone = backbone;
        this.cache = cache;
        this.source = source;
        this.times = times;
    }

    /**
     * Returns a featurizer that shares cache and times with this one, and computes only what neither the cache nor {@code other}
     * has.
     */
    public Featurizer with(FeatureSource other) {
        return new Featurizer(task, backbone, cache, other, times);
    }

    /** Returns how often the backbone was run, and for how long. */
    public RunTimes times() {
        return times;
    }

    /** Returns the view of a payload from which {@link #features} computes, or why the payload cannot be used. */
    public Outcome<PayloadView> view(Payload payload) {
        return task.preparation().view(payload);
    }

    /**
     * Returns the features of each payload, in order, or why it has none. Payloads are prepared even if their features
     * are cached, so that rejections never depend on earlier payloads.
     *
     * @param views as {@link #view} returns them
     * @return one outcome per payload; the feature arrays are shared and must not be modified
     */
    public List<Outcome<float[]>> features(List<PayloadView> views) {
        List<Outcome<Digest>> keys = new ArrayList<>(views.size());
        Map<Digest, Outcome<float[]>> known = new HashMap<>();
        Map<Digest, ModelInput> misses = new LinkedHashMap<>();
        for (PayloadView view : views) {
            keys.add(task.preparation().input(view).then(input -> {
                Digest key = PayloadDigest.of(view.payload());
                if (!known.containsKey(key) && !misses.containsKey(key)) {
                    float[] features = cache.get(key);
                    if (features == null) {
                        misses.put(key, input);
                    } else {
                        known.put(key, Outcome.ok(features));
                    }
                }
                return Outcome.ok(key);
            }));
        }
        receive(misses, known);
        compute(misses, known);
        return keys.stream().map(key -> key.then(known::get)).toList();
    }

    /** Takes from the source what it has, unless its width shows that another backbone computed it. */
    private void receive(Map<Digest, ModelInput> misses, Map<Digest, Outcome<float[]>> known) {
        if (misses.isEmpty()) {
            return;
        }
        source.features(Set.copyOf(misses.keySet())).forEach((key, features) -> {
            if (features.length == backbone.width() && misses.remove(key) != null) {
                known.put(key, Outcome.ok(features));
                cache.put(key, features);
            }
        });
    }

    /**
     * Runs the backbone; if some inputs give features that are not finite, rejects these and runs it again without
     * them.
     */
    private void compute(Map<Digest, ModelInput> misses, Map<Digest, Outcome<float[]>> known) {
        if (misses.isEmpty()) {
            return;
        }
        List<Digest> keys = List.copyOf(misses.keySet());
        try {
            long begun = System.nanoTime();
            List<float[]> features = backbone.features(List.copyOf(misses.values()));
            times.add(features.size(), begun);
            for (int i = 0; i < keys.size(); i++) {
                known.put(keys.get(i), Outcome.ok(features.get(i)));
                cache.put(keys.get(i), features.get(i));
            }
        } catch (NonFiniteFeaturesException e) {
            e.indexes().forEach(i -> {
                misses.remove(keys.get(i));
                known.put(
                        keys.get(i),
                        Outcome.rejected(
                                Reason.NOT_FINITE,
                                "features of the payload must be finite, but the base model gives NaN or infinity"));
            });
            compute(misses, known);
        }
    }
}
