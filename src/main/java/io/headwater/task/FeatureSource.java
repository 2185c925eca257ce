package io.headwater.task;

import io.headwater.domain.Digest;
import java.util.Map;
import java.util.Set;

/** Features that were computed elsewhere, bit for bit as this process would compute them. Safe for use by several threads. */
@FunctionalInterface
public interface FeatureSource {
    /** A source without features. */
    FeatureSource NONE = payloads -> Map.of();

    /**
     * Returns the features of those {@code payloads} that it has. It may wait for features that are being computed.
     *
     * @param payloads digests of payloads, see {@link PayloadDigest}
     */
    Map<Digest, float[]> features(Set<Digest> payloads);
}
