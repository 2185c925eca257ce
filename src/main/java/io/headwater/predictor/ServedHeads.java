package io.headwater.predictor;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.Thresholds;
import io.headwater.domain.VersionRef;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The heads that serve, replaced while requests are answered: the thread that reads the serving topic loads and verifies a
 * new head, and the predictor's thread takes it between two batches.
 */
final class ServedHeads implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedHeads.class);

    /**
     * A head that serves.
     *
     * @param thresholds the thresholds of its prediction sets and intervals; null when there are none
     */
    record Served(
            VersionRef version,
            PublishedHead head,
            @Nullable Thresholds thresholds) {}

    /**
     * A change that was announced.
     *
     * @param opened the head that serves from now on; null when only the thresholds change
     */
    private record Change(
            Lane lane, Serving serving, @Nullable PublishedHead opened) {}

    private final PredictorSetup setup;

    /** The versions whose heads were opened, used on the thread that reads the topic only. */
    private final Map<Lane, VersionRef> opened = new HashMap<>();

    private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
    private final Map<Lane, Served> heads = new HashMap<>();

    ServedHeads(PredictorSetup setup) {
        this.setup = setup;
    }

    /**
     * Loads and opens the head that serves {@code lane} from now on, unless it serves already and only its thresholds are
     * new; called on the thread that reads the topic. When the artifact cannot be opened, the head before goes on serving.
     */
    void announce(Lane lane, Serving serving) {
        if (!lane.adaptation().equals(setup.config().name())) {
            return;
        }
        if (serving.version().equals(opened.get(lane))) {
            changes.add(new Change(lane, serving, null));
            return;
        }
        try {
            HeadArtifact artifact =
                    HeadArtifact.fromBytes(setup.store().get(serving.version().artifact()));
            if (!artifact.baseModel().equals(setup.baseModel())) {
                throw new ArtifactException("version %s reads features of base model %s, but this predictor has %s"
                        .formatted(serving.version(), artifact.baseModel(), setup.baseModel()));
            }
            changes.add(new Change(lane, serving, PublishedHead.open(artifact, setup.heads())));
            opened.put(lane, serving.version());
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "version-not-loaded lane=%s version=%s; the one before goes on serving",
                    lane,
                    serving.version());
        }
    }

    /** Replaces heads by those that were announced; called on the predictor's thread between batches. */
    void swap() {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            Serving serving = change.serving();
            Served before = heads.get(change.lane());
            PublishedHead head = change.opened();
            if (head != null) {
                heads.put(change.lane(), new Served(serving.version(), head, serving.thresholds()));
                if (before != null) {
                    before.head().close();
                }
                setup.listener().swapped(change.lane(), serving);
            } else if (before != null) {
                heads.put(change.lane(), new Served(before.version(), before.head(), serving.thresholds()));
            }
        }
    }

    /** The head that serves the lane of {@code domain}, or else the lane of its source; null when neither has one. */
    @Nullable
    Served forDomain(String domain) {
        String adaptation = setup.config().name();
        String source = setup.config().source();
        Served own = heads.get(new Lane(adaptation, domain));
        return own != null || source == null ? own : heads.get(new Lane(adaptation, source));
    }

    /** Closes all heads, also those that were announced but not taken; called after the last announcement. */
    @Override
    public void close() {
        for (Change change : changes) {
            PublishedHead head = change.opened();
            if (head != null) {
                head.close();
            }
        }
        changes.clear();
        heads.values().forEach(served -> served.head().close());
        heads.clear();
    }
}
