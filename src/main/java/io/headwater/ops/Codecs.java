package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.HttpSchemaRegistry;
import io.headwater.codec.SubjectNames;
import java.time.Duration;

/** Creates the codec of an installation. */
public final class Codecs {
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(5);

    private Codecs() {}

    /** Creates a codec with the registry in {@code settings}, if there is one. */
    public static Codec of(RuntimeSettings settings) {
        int maxBytes = settings.topics().maxRecordBytes();
        String prefix = settings.topics().prefix();
        return settings.registry()
                .map(access -> new Codec(
                        maxBytes,
                        new HttpSchemaRegistry(access, REGISTRY_TIMEOUT),
                        new SubjectNames(access.naming(), prefix)))
                .orElseGet(() -> new Codec(maxBytes));
    }
}
