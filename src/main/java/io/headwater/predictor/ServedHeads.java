package io.headwater.predictor;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The heads that serve, swapped while requests flow: the thread that follows {@code serving} loads and verifies a new head,
 * the predictor's thread takes it between two batches.
 */
final class ServedHeads implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedHeads.class);

    /** A head that serves. */
    record Served(VersionRef version, PublishedHead head) {}

    private record Change(Lane lane, Serving serving, Served served) {}

    private final PredictorSetup setup;
    private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
    private final Map<Lane, Served> heads = new HashMap<>();

    ServedHeads(PredictorSetup setup) {
        this.setup = setup;
    }

    /**
     * Loads and opens what serves {@code lane} from now on; called on the thread that follows the topic. A bad artifact is
     * not taken.
     */
    void announce(Lane lane, Serving serving) {
        if (!lane.adaptation().equals(setup.config().name())) {
            return;
        }
        try {
            HeadArtifact artifact =
                    HeadArtifact.fromBytes(setup.store().get(serving.version().artifact()));
            if (!artifact.baseModel().equals(setup.baseModel())) {
                throw new ArtifactException("version %s reads features of base model %s, but this predictor has %s"
                        .formatted(serving.version(), artifact.baseModel(), setup.baseModel()));
            }
            PublishedHead head = PublishedHead.open(artifact, setup.heads());
            changes.add(new Change(lane, serving, new Served(serving.version(), head)));
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "version-not-loaded lane=%s version=%s; the one before goes on serving",
                    lane,
                    serving.version());
        }
    }

    /** Takes what was announced; called on the predictor's thread between batches. */
    void swap() {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            Served before = heads.put(change.lane(), change.served());
            if (before != null) {
                before.head().close();
            }
            setup.listener().swapped(change.lane(), change.serving());
        }
    }

    /** What serves {@code domain}: its own lane, or where nothing does its source; null when that has nothing either. */
    @Nullable
    Served forDomain(String domain) {
        String adaptation = setup.config().name();
        String source = setup.config().source();
        Served own = heads.get(new Lane(adaptation, domain));
        return own != null || source == null ? own : heads.get(new Lane(adaptation, source));
    }

    /** Closes all heads, also those that were announced and not taken; called when nothing is announced any more. */
    @Override
    public void close() {
        changes.forEach(change -> change.served().head().close());
        changes.clear();
        heads.values().forEach(served -> served.head().close());
        heads.clear();
    }
}
