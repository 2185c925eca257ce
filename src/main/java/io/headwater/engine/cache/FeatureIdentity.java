package io.headwater.engine.cache;

import io.headwater.domain.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The identity of features: a digest of everything other than the payload on which their bits depend. */
public final class FeatureIdentity {
    /**
     * Number of the way in which payloads become inputs, to be raised when the same payload gives another input: since 2,
     * images are turned as their camera asks.
     */
    private static final int PREPARATION = 2;

    private FeatureIdentity() {}

    /**
     * Returns the identity of the features of a backbone.
     *
     * @param backbone digest of the backbone
     * @param computing everything other than the backbone on which the bits of features depend: library, device,
     *     threads, processor
     */
    public static Digest of(Digest backbone, Map<String, String> computing) {
        String description = "headwater features\npreparation " + PREPARATION + "\nbackbone " + backbone.hex() + "\n"
                + new TreeMap<>(computing);
        return Digest.of(description.getBytes(StandardCharsets.UTF_8));
    }
}
