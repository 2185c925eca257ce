package io.headwater.intake;

import io.headwater.codec.RegistryException;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.ArtifactException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Tells failures that say nothing about the record that was being prepared from all others. */
public final class Elsewhere {
    private Elsewhere() {}

    /** Returns whether {@code failure} comes from brokers, registry, store or configuration, and not from a record. */
    public static boolean lies(@Nullable Throwable failure) {
        return failure instanceof KafkaException
                || failure instanceof UncheckedIOException
                || failure instanceof RegistryException
                || failure instanceof ArtifactException
                || failure instanceof ConfigurationException;
    }
}
