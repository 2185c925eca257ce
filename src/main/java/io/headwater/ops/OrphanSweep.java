package io.headwater.ops;

import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/**
 * Deletes artifacts that no event refers to, such as those of a trainer that died before it could publish them, and those of
 * versions that a retention does not keep. A store belongs to one installation: all adaptations with the same topic prefix
 * may share it, but other installations must not.
 */
public final class OrphanSweep {
    /** The minimum value of {@code minimumAge} in a service: far longer than any transaction stays open. */
    public static final Duration LEAST_AGE = Duration.ofHours(1);

    private final Clients clients;
    private final LaneEvents events;
    private final ArtifactStore store;
    private final Retention retention;
    private final Duration minimumAge;
    private final InstantSource clock;

    /**
     * Creates a sweep of {@code store} that keeps the artifacts to which the topics of {@code clients} refer.
     *
     * @param retention which versions are kept
     * @param minimumAge younger artifacts are kept; must be far longer than the publication of a checkpoint takes
     * @param clock gives the time at which the age of versions is told
     */
    public OrphanSweep(
            Clients clients,
            LaneEvents events,
            ArtifactStore store,
            Retention retention,
            Duration minimumAge,
            InstantSource clock) {
        this.clients = clients;
        this.events = events;
        this.store = store;
        this.retention = retention;
        this.minimumAge = minimumAge;
        this.clock = clock;
    }

    /**
     * Sweeps once. If the topics do not refer to any artifact, nothing is deleted, because the brokers are then more
     * likely the wrong ones than all artifacts orphans.
     *
     * @return the number of deleted files
     * @throws io.headwater.codec.CodecException when another release wrote an event, which therefore cannot be read; then
     *     nothing is deleted
     */
    public int run() {
        Set<Digest> kept = references().digests();
        return kept.isEmpty() ? 0 : store.sweep(kept, minimumAge);
    }

    /** Returns the artifacts that are kept. */
    References references() {
        return References.read(clients, events, store, retention, clock.instant());
    }
}
