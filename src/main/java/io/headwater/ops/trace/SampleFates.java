package io.headwater.ops.trace;

import io.headwater.board.DeadLetter;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.ops.trace.RequestTrace.Fate;
import io.headwater.ops.trace.RequestTrace.Place;
import io.headwater.ops.trace.RequestTrace.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what became of samples in the lanes of their domains, by the lineage of the lanes' versions. */
final class SampleFates {
    private final Map<Lane, List<ModelVersion>> versions = new TreeMap<>();
    private final Map<Lane, List<Serving>> decisions;

    /**
     * Creates an instance.
     *
     * @param all versions of the lanes, those of a lane in the order of their numbers
     * @param decisions what served the lanes, in order
     * @param topic id of the samples topic; lineages of other topics of this name are left out
     */
    SampleFates(List<ModelVersion> all, Map<Lane, List<Serving>> decisions, String topic) {
        this.decisions = decisions;
        for (ModelVersion version : all) {
            String read = version.lineage().samplesTopic();
            if (read.isEmpty() || read.equals(topic)) {
                versions.computeIfAbsent(version.ref().lane(), lane -> new ArrayList<>())
                        .add(version);
            }
        }
    }

    /** Returns what became of a sample of {@code domain} in each lane of it. */
    List<Fate> of(String domain, Place sample, List<DeadLetter> letters) {
        return versions.entrySet().stream()
                .filter(lane -> lane.getKey().domain().equals(domain))
                .map(lane -> fate(lane.getKey(), lane.getValue(), sample, letters))
                .toList();
    }

    private Fate fate(Lane lane, List<ModelVersion> all, Place sample, List<DeadLetter> letters) {
        long offset = sample.offset();
        if (letters.stream().anyMatch(letter -> isOf(letter, sample, lane))) {
            return fate(lane, State.REFUSED, null, null);
        }
        VersionRef learned = first(all, lineage -> lineage.covers(offset));
        if (learned == null) {
            boolean isBefore = all.get(0).lineage().fromOffset() > offset;
            return fate(lane, isBefore ? State.BEFORE : State.WAITING, null, null);
        }
        if (all.stream()
                .anyMatch(one -> one.ref().equals(learned) && one.lineage().skips(offset))) {
            return fate(lane, State.PASSED_OVER, learned, null);
        }
        VersionRef correcting = first(all, lineage -> lineage.corrected().contains(offset));
        if (correcting != null) {
            return fate(lane, State.CORRECTED, learned, correcting);
        }
        VersionRef forgetful = first(all, lineage -> lineage.forgets(offset));
        return fate(lane, forgetful == null ? State.LEARNED : State.FORGOTTEN, learned, forgetful);
    }

    private static boolean isOf(DeadLetter letter, Place sample, Lane lane) {
        return letter.topic().equals(sample.topic())
                && letter.partition() == sample.partition()
                && letter.offset() == sample.offset()
                && (letter.adaptation().isEmpty() || letter.adaptation().equals(lane.adaptation()));
    }

    private static @Nullable VersionRef first(List<ModelVersion> all, Predicate<Lineage> wanted) {
        return all.stream()
                .filter(version -> wanted.test(version.lineage()))
                .map(ModelVersion::ref)
                .findFirst()
                .orElse(null);
    }

    private Fate fate(Lane lane, State state, @Nullable VersionRef version, @Nullable VersionRef removedBy) {
        return new Fate(
                lane.key(),
                state,
                version,
                version == null || state == State.PASSED_OVER ? null : servedSince(lane, version, removedBy),
                removedBy);
    }

    private @Nullable Instant servedSince(Lane lane, VersionRef version, @Nullable VersionRef removedBy) {
        Stream<Serving> contain = decisions.getOrDefault(lane, List.of()).stream()
                .filter(serving -> {
                    VersionRef served = serving.version();
                    return served.lane().equals(lane)
                            && served.number() >= version.number()
                            && (removedBy == null || served.number() < removedBy.number());
                });
        return contain.map(Serving::since).findFirst().orElse(null);
    }
}
