package io.headwater.trainer;

import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.kafka.ServingTable;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lanes whose serving version was withdrawn by a tombstone on the serving topic, passed from the thread that reads the topic
 * to the trainer's.
 */
final class Withdrawals implements ServingTable.Listener {
    private final String adaptation;
    private final Queue<Lane> lanes = new ConcurrentLinkedQueue<>();

    Withdrawals(String adaptation) {
        this.adaptation = adaptation;
    }

    @Override
    public void announced(Lane lane, @Nullable Serving serving) {
        if (serving == null && lane.adaptation().equals(adaptation)) {
            lanes.add(lane);
        }
    }

    /** Returns the lanes of which this was announced since the last call. */
    Set<Lane> take() {
        Set<Lane> taken = new HashSet<>();
        for (Lane lane = lanes.poll(); lane != null; lane = lanes.poll()) {
            taken.add(lane);
        }
        return taken;
    }
}
