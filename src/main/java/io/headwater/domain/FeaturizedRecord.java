package io.headwater.domain;

import java.util.List;

/**
 * What a featurizer computed for one sample or request: one event of the {@code features} topic, on the same partition.
 *
 * @param adaptation name of the adaptation for which it was computed
 * @param computedBy digest of everything on which the bits of the features depend
 * @param topic name of the topic of the sample or request
 * @param offset offset of the sample or request, at least 0
 * @param features features of its payloads, of which a transition has two; empty if none are needed or none can be computed
 */
public record FeaturizedRecord(
        String adaptation, Digest computedBy, String topic, long offset, List<PayloadFeatures> features) {
    public FeaturizedRecord {
        if (offset < 0) {
            throw new IllegalArgumentException("the offset of a record must be at least 0, but is " + offset);
        }
        features = List.copyOf(features);
    }

    /**
     * The features of a payload.
     *
     * @param payload digest of the content of the payload
     * @param values finite numbers
     */
    public record PayloadFeatures(Digest payload, float[] values) {}
}
