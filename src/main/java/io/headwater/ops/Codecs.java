package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.HttpSchemaRegistry;
import java.net.URI;
import java.time.Duration;

/** Creates the codec of an installation. */
public final class Codecs {
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(5);

    private Codecs() {}

    /** Creates a codec with the registry in {@code settings}, if there is one. */
    public static Codec of(RuntimeSettings settings) {
        int maxBytes = settings.topics().maxRecordBytes();
        return settings.registryUrl()
                .map(url -> new Codec(maxBytes, new HttpSchemaRegistry(URI.create(url), REGISTRY_TIMEOUT)))
                .orElseGet(() -> new Codec(maxBytes));
    }
}
