package io.headwater.serving;

import io.headwater.adapt.PublishedHead;
import io.headwater.adapt.SeenFeatures;
import io.headwater.config.PromotionConfig.NewDomains;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.Thresholds;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.ServingTable;
import io.headwater.role.RecoveryPace;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The heads that serve, replaced while requests are answered: the thread that reads the serving topic loads and verifies a
 * new head, and the thread that answers takes it between two batches. Of several events of a lane that are read together only
 * the last one is loaded.
 *
 * <p>A lane whose version cannot be loaded waits: neither the version before answers for it, which should not serve any more,
 * nor the lane of its source. Loading is tried again until it succeeds or another version serves.
 */
public final class ServedHeads implements ServingTable.Listener, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedHeads.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /**
     * A head that serves.
     *
     * @param thresholds the thresholds of its prediction sets and intervals; null when there are none
     */
    public record Served(
            VersionRef version,
            PublishedHead head,
            @Nullable Thresholds thresholds) {}

    /**
     * A change that is not yet taken.
     *
     * @param serving null when no version serves the lane from now on
     * @param opened the head that serves from now on; null when only the thresholds change, or when no version serves
     */
    private record Change(
            @Nullable Serving serving, @Nullable PublishedHead opened) {}

    /** Failed attempts to load {@code version}, and the earliest time of the next one in {@link System#nanoTime}. */
    private record Failed(VersionRef version, Duration pause, long again) {}

    private final ServingSetup setup;
    private final Consumer<PublishedHead> warming;
    private final boolean nearest;

    /** These are used on the thread that reads the topic only: the newest events, and what was made of them. */
    private final Map<Lane, Serving> wanted = new HashMap<>();

    private final Set<Lane> announced = new HashSet<>();
    private final Map<Lane, VersionRef> opened = new HashMap<>();
    private final Map<Lane, Failed> failed = new HashMap<>();
    private final RecoveryPace pace = new RecoveryPace();

    /** When the lanes of all adaptations were served first. */
    private final Map<Lane, Instant> beginnings = new HashMap<>();

    private boolean orderIsNew;
    private volatile boolean servesLongest = true;

    /** These pass between the two threads, guarded by {@link #lock}. */
    private final Map<Lane, Change> changes = new LinkedHashMap<>();

    private final SortedMap<Lane, String> faults = new TreeMap<>();
    private final Object lock = new Object();

    /** These are changed on the thread that takes them, and read on the thread that answers a batch. */
    private final Map<Lane, Served> heads = new HashMap<>();

    private Map<Lane, String> waiting = Map.of();

    /** The heads of which the nearest one answers requests of new domains, in the order of their lanes; none unless it is configured. */
    private SortedMap<Lane, Served> candidates = new TreeMap<>();

    /** Creates heads of the adaptation of {@code setup}, of which none serves until it is announced. */
    public ServedHeads(ServingSetup setup) {
        this(setup, head -> {});
    }

    /**
     * Creates heads of which none serves until it is announced.
     *
     * @param warming runs each head once before it serves, on the thread that loads it
     */
    public ServedHeads(ServingSetup setup, Consumer<PublishedHead> warming) {
        this.setup = setup;
        this.warming = warming;
        this.nearest = setup.config().promotion().newDomains() == NewDomains.NEAREST;
    }

    @Override
    public void announced(Lane lane, @Nullable Serving serving) {
        if (serving == null) {
            beginnings.remove(lane);
        } else {
            beginnings.put(lane, serving.beginning());
        }
        orderIsNew = true;
        if (!lane.adaptation().equals(setup.config().name())) {
            return;
        }
        announced.add(lane);
        if (serving == null) {
            wanted.remove(lane);
        } else {
            wanted.put(lane, serving);
        }
    }

    /** Loads the heads that were announced since, and tries again to load those that could not be loaded. */
    @Override
    public void settled() {
        if (orderIsNew) {
            servesLongest = servesLongest();
            orderIsNew = false;
        }
        Set<Lane> due = new HashSet<>(announced);
        announced.clear();
        failed.forEach((lane, failure) -> {
            if (System.nanoTime() - failure.again() >= 0) {
                due.add(lane);
            }
        });
        due.forEach(this::load);
    }

    private boolean servesLongest() {
        return beginnings.entrySet().stream()
                .min(Comparator.comparing(Map.Entry<Lane, Instant>::getValue)
                        .thenComparing(one -> one.getKey().adaptation()))
                .map(oldest ->
                        oldest.getKey().adaptation().equals(setup.config().name()))
                .orElse(true);
    }

    /**
     * Returns whether this adaptation is for requests that name none: of all that serve under this prefix of topics, it has
     * served longest.
     */
    public boolean isForUnnamed() {
        return servesLongest;
    }

    private void load(Lane lane) {
        Serving serving = wanted.get(lane);
        if (serving == null) {
            opened.remove(lane);
            settle(lane, new Change(null, null));
        } else if (serving.version().equals(opened.get(lane))) {
            settle(lane, new Change(serving, null));
        } else {
            try {
                PublishedHead head = setup.open(serving.version());
                warming.accept(head);
                opened.put(lane, serving.version());
                settle(lane, new Change(serving, head));
            } catch (RuntimeException e) {
                retryLater(lane, serving.version(), e);
            }
        }
    }

    /** Passes a change on. What was passed on for the lane before, but not taken, never serves. */
    private void settle(Lane lane, Change change) {
        failed.remove(lane);
        synchronized (lock) {
            faults.remove(lane);
            Change before = changes.remove(lane);
            PublishedHead unused = before == null ? null : before.opened();
            if (unused != null && change.opened() == null && change.serving() != null) {
                changes.put(lane, new Change(change.serving(), unused));
                return;
            }
            changes.put(lane, change);
            if (unused != null) {
                unused.close();
            }
        }
    }

    private void retryLater(Lane lane, VersionRef version, RuntimeException cause) {
        Failed before = failed.get(lane);
        Duration pause = before == null || !before.version().equals(version)
                ? FIRST_PAUSE
                : shorter(before.pause().multipliedBy(2), LONGEST_PAUSE);
        failed.put(lane, new Failed(version, pause, System.nanoTime() + pause.toNanos()));
        String fault =
                "version %s of lane '%s', which cannot be loaded: %s".formatted(version, lane, cause.getMessage());
        if (pace.isNews(cause)) {
            LOG.errorf(
                    cause,
                    "version-not-loaded lane=%s version=%s untold=%d; its requests wait, and loading is tried again in %d ms",
                    lane,
                    version,
                    pace.takeUntold(),
                    pause.toMillis());
        }
        synchronized (lock) {
            faults.put(lane, fault);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Replaces heads by those that were loaded; called on the thread that answers between batches. */
    public void swap() {
        Map<Lane, Change> taken;
        synchronized (lock) {
            taken = new LinkedHashMap<>(changes);
            changes.clear();
            waiting = Map.copyOf(faults);
        }
        taken.forEach(this::swap);
        if (nearest) {
            candidates = candidates();
        }
    }

    private void swap(Lane lane, Change change) {
        Serving serving = change.serving();
        PublishedHead head = change.opened();
        Served before = heads.get(lane);
        if (serving != null && head == null) {
            if (before != null) {
                heads.put(lane, new Served(before.version(), before.head(), serving.thresholds()));
            }
            return;
        }
        heads.remove(lane);
        if (before != null) {
            before.head().close();
        }
        if (serving != null && head != null) {
            heads.put(lane, new Served(serving.version(), head, serving.thresholds()));
            setup.listener().swapped(lane, serving);
        } else if (before != null) {
            setup.listener().gone(lane);
        }
    }

    /**
     * Returns the versions that could not be loaded at the last {@link #swap}, each with the reason as text for people, in the
     * order of the lanes.
     */
    public List<String> waiting() {
        return List.copyOf(new TreeMap<>(waiting).values());
    }

    /**
     * Returns whether requests of {@code domain} must wait, because the version that serves them cannot be loaded. Those that the
     * nearest lane answers wait only if none of the lanes that could be nearest is loaded.
     */
    public boolean mustWait(String domain) {
        if (waiting.isEmpty()) {
            return false;
        }
        Lane own = new Lane(setup.config().name(), domain);
        boolean isNew = !heads.containsKey(own) && !waiting.containsKey(own);
        return isNew && nearest ? candidates.isEmpty() : waiting.containsKey(laneOf(domain));
    }

    /** The head that serves the lane of {@code domain}, or else the lane of its source; null when neither has one. */
    public @Nullable Served forDomain(String domain) {
        return heads.get(laneOf(domain));
    }

    /** Returns whether there is a head that answers requests of {@code domain}. */
    public boolean isServed(String domain) {
        return heads.containsKey(laneOf(domain)) || !candidates.isEmpty();
    }

    /**
     * The head that answers a request of {@code domain}: that of its own lane, or else the {@linkplain SeenFeatures#distance nearest}
     * one if it is configured, or else that of the source; null when there is none. Of several that are equally near, the first
     * one by the name of the domain answers.
     *
     * @param features features of the request
     */
    public @Nullable Served answering(String domain, float[] features) {
        Served own = heads.get(new Lane(setup.config().name(), domain));
        return own != null
                ? own
                : candidates.values().stream()
                        .min(Comparator.comparingDouble(one -> distance(one, features)))
                        .orElseGet(() -> forDomain(domain));
    }

    private static double distance(Served served, float[] features) {
        return Objects.requireNonNull(served.head().seen()).distance(features);
    }

    /** Returns the lanes that may be nearest: those whose versions say which features they have seen, and are their own. */
    private SortedMap<Lane, Served> candidates() {
        SortedMap<Lane, Served> found = new TreeMap<>();
        heads.forEach((lane, served) -> {
            boolean isOwn = served.version().lane().equals(lane);
            if (isOwn && served.head().seen() != null && !waiting.containsKey(lane)) {
                found.put(lane, served);
            }
        });
        return found;
    }

    /** Returns the lane whose version answers for {@code domain}: its own if it has a version, or else that of its source. */
    private Lane laneOf(String domain) {
        String adaptation = setup.config().name();
        Lane own = new Lane(adaptation, domain);
        String source = setup.config().source();
        return source == null || heads.containsKey(own) || waiting.containsKey(own)
                ? own
                : new Lane(adaptation, source);
    }

    /** Closes all heads, also those that were loaded but not taken; called after the last announcement. */
    @Override
    public void close() {
        synchronized (lock) {
            for (Change change : changes.values()) {
                PublishedHead head = change.opened();
                if (head != null) {
                    head.close();
                }
            }
            changes.clear();
        }
        heads.values().forEach(served -> served.head().close());
        heads.clear();
    }
}
