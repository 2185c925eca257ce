package io.headwater.bench.soak;

import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.TrainerState;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The valid samples of a lane, compared with what its versions say that they have learned. */
final class LaneAudit {
    /** How many versions cover each sample, by its offset. */
    private final NavigableMap<Long, Integer> covered = new TreeMap<>();

    private int partition;

    void sample(int onPartition, long offset) {
        partition = onPartition;
        covered.put(offset, 0);
    }

    /** Counts what was lost or learned twice, and what does not follow from the version before. */
    void count(Tally tally, List<ModelVersion> versions, @Nullable TrainerState state) {
        ModelVersion before = null;
        long total = 0;
        for (ModelVersion version : versions) {
            Lineage lineage = version.lineage();
            NavigableMap<Long, Integer> range = covered.subMap(lineage.fromOffset(), true, lineage.toOffset(), false);
            range.replaceAll((offset, times) -> times + 1);
            int difference = lineage.samples() - range.size();
            tally.add(Count.SAMPLES_LOST, Math.max(0, -difference));
            tally.add(Count.SAMPLES_TWICE, Math.max(0, difference));
            total += lineage.samples();
            boolean follows = follows(version, before) && version.totalSamples() == total;
            tally.add(Count.LINEAGE_BROKEN, follows ? 0 : 1);
            before = version;
        }
        covered.values().forEach(times -> {
            tally.add(Count.SAMPLES_LOST, times == 0 ? 1 : 0);
            tally.add(Count.SAMPLES_TWICE, Math.max(0, times - 1));
        });
        boolean current = before == null
                ? state == null
                : state != null && state.version().equals(before.ref());
        tally.add(Count.LINEAGE_BROKEN, current ? 0 : 1);
    }

    private boolean follows(ModelVersion version, @Nullable ModelVersion before) {
        Lineage lineage = version.lineage();
        if (lineage.partition() != partition
                || !lineage.lost().isEmpty()
                || !lineage.skipped().isEmpty()) {
            return false;
        }
        return before == null
                ? version.ref().number() == 1 && lineage.parent() == null
                : version.ref().number() == before.ref().number() + 1
                        && before.ref().equals(lineage.parent())
                        && lineage.fromOffset() == before.lineage().toOffset();
    }
}
