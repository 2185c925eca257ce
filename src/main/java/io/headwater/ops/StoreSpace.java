package io.headwater.ops;

import io.headwater.domain.Digest;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.store.FileArtifactStore;
import io.headwater.store.FileArtifactStore.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What takes the space of an artifact store.
 *
 * @param lanes the lanes with their artifacts
 * @param configurations configurations of adaptations
 * @param unreferenced artifacts that nothing keeps
 * @param freed those of them that a sweep deletes now
 * @param deletable their digests
 */
public record StoreSpace(
        List<LaneSpace> lanes, Space configurations, Space unreferenced, Space freed, List<Digest> deletable) {

    /** A number of artifacts, and their size together. */
    public record Space(long artifacts, long bytes) {
        private static final Space NONE = new Space(0, 0);

        private Space with(Stored one) {
            return new Space(artifacts + 1, bytes + one.bytes());
        }

        /** Returns the sum of both. */
        public Space plus(Space other) {
            return new Space(artifacts + other.artifacts, bytes + other.bytes);
        }
    }

    /**
     * A lane.
     *
     * @param versions number of its versions
     * @param kept number of those whose artifacts are kept
     * @param space artifacts of these, and of versions that serve or are needed to go on
     */
    public record LaneSpace(String lane, long versions, long kept, Space space) {}

    /** Looks at a store with the events of its installation; nothing is deleted. */
    public static StoreSpace of(
            Clients clients,
            LaneEvents events,
            FileArtifactStore store,
            Retention retention,
            Duration minimumAge,
            Instant now) {
        References kept = References.read(clients, events, store, retention, now);
        Map<String, Space> ofOwners = new TreeMap<>();
        Space[] others = {Space.NONE, Space.NONE};
        List<Digest> deletable = new ArrayList<>();
        boolean nothingIsKnown = kept.digests().isEmpty();
        store.list(one -> {
            Optional<String> owner = kept.owner(one.digest());
            if (owner.isPresent()) {
                ofOwners.merge(owner.get(), Space.NONE.with(one), Space::plus);
            } else {
                others[0] = others[0].with(one);
                if (!nothingIsKnown && one.modified().isBefore(now.minus(minimumAge))) {
                    others[1] = others[1].with(one);
                    deletable.add(one.digest());
                }
            }
        });
        List<LaneSpace> lanes = new ArrayList<>();
        kept.lanes()
                .forEach((lane, versions) -> lanes.add(new LaneSpace(
                        lane.key(), versions.all(), versions.kept(), ofOwners.getOrDefault(lane.key(), Space.NONE))));
        deletable.sort(null);
        return new StoreSpace(
                lanes, ofOwners.getOrDefault(References.CONFIGURATION, Space.NONE), others[0], others[1], deletable);
    }

    /** Returns the space of all artifacts. */
    public Space all() {
        return lanes.stream().map(LaneSpace::space).reduce(configurations.plus(unreferenced), Space::plus);
    }
}
