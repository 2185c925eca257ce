package io.headwater.online;

import io.headwater.adapt.PublishedHead;
import io.headwater.codec.EventType;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.online.CallResult.Cause;
import io.headwater.serving.ServedHeads.Served;
import io.headwater.serving.ServingSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The heads of versions that callers name. A version that is not open is searched for in the log of versions on a thread of its own;
 * the calls that need it wait for it, and all others are answered meanwhile. The {@value #MOST} that were used last stay open.
 * Except for the search, it is used on the role's thread only.
 */
final class PinnedHeads implements AutoCloseable {
    static final int MOST = 16;

    private static final Logger LOG = Logger.getLogger(PinnedHeads.class);
    /** For how long a version that was not found is not searched for again when a caller names it. */
    static final Duration RECHECK = Duration.ofSeconds(5);

    private final ServingSetup setup;
    private final Search search;
    private final Duration recheck;
    private final Consumer<PublishedHead> warming;
    private final ExecutorService finder;
    private final Map<Pin, Served> opened = new LinkedHashMap<>(MOST, 0.75f, true);
    private final Map<Pin, List<Call>> waiting = new HashMap<>();
    private final Map<Pin, Missed> missed = new LinkedHashMap<>();
    private final Queue<Result> results = new ConcurrentLinkedQueue<>();

    /** Finds the version of a lane in the log. */
    @FunctionalInterface
    interface Search {
        /** Returns the version; null when the log does not have it. */
        @Nullable
        VersionRef find(Lane lane, long number);
    }

    private record Pin(Lane lane, long number) {}

    /** A version that was not found, until the time {@code until} of {@link System#nanoTime}. */
    private record Missed(Absent absent, long until) {}

    private record Result(Pin pin, Lookup lookup) {}

    /** The head of a version. */
    sealed interface Lookup {}

    /** It is open. */
    record Found(Served head) implements Lookup {}

    /** It cannot be had. */
    record Absent(Cause cause, String message) implements Lookup {}

    /** It is searched for; the call is given back by {@link #settle}. */
    record Searching() implements Lookup {}

    /**
     * Creates an instance without heads.
     *
     * @param recheck for how long a version that was not found is not searched for again
     * @param warming runs each head once before it answers, on the thread that searches
     */
    PinnedHeads(ServingSetup setup, Search search, Duration recheck, Consumer<PublishedHead> warming) {
        this.setup = setup;
        this.search = search;
        this.recheck = recheck;
        this.warming = warming;
        this.finder = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "headwater-pinned-versions");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Searches the topic of all versions. */
    static Search inLog(Clients clients, LaneEvents events) {
        return (lane, number) -> {
            List<VersionRef> found = new ArrayList<>();
            try (PartitionReader reader = new PartitionReader(clients)) {
                int partition = clients.topics().partitionOf(lane.domain());
                reader.readAll(
                        clients.topics().partition(Topic.MODEL_VERSIONS, partition),
                        record -> events.read(EventType.MODEL_VERSION, record).ifPresent(event -> {
                            ModelVersion version = event.event();
                            if (version != null
                                    && version.ref().lane().equals(lane)
                                    && version.ref().number() == number) {
                                found.add(version.ref());
                            }
                        }));
            }
            return found.isEmpty() ? null : found.get(found.size() - 1);
        };
    }

    /** Returns the head of a version; when it is searched for, {@code call} waits for it. */
    Lookup find(Lane lane, long number, Call call) {
        Pin pin = new Pin(lane, number);
        Served head = opened.get(pin);
        if (head != null) {
            return new Found(head);
        }
        Missed before = missed.get(pin);
        if (before != null && System.nanoTime() - before.until() < 0) {
            return before.absent();
        }
        List<Call> others = waiting.get(pin);
        if (others != null) {
            if (others.size() >= CallQueue.MOST) {
                return new Absent(
                        Cause.FULL,
                        "%d calls wait for version %d of lane '%s' already; try again"
                                .formatted(others.size(), number, lane));
            }
            others.add(call);
            return new Searching();
        }
        if (waiting.size() >= MOST) {
            return new Absent(
                    Cause.FULL, "%d other versions are being searched for already; try again".formatted(MOST));
        }
        waiting.put(pin, new ArrayList<>(List.of(call)));
        finder.execute(() -> results.add(new Result(pin, open(pin))));
        return new Searching();
    }

    /** On the thread that searches. */
    private Lookup open(Pin pin) {
        try {
            VersionRef version = search.find(pin.lane(), pin.number());
            if (version == null) {
                return new Absent(
                        Cause.UNKNOWN_VERSION,
                        "lane '%s' has no version %d; 'headwater versions --lane %s' lists those that it has"
                                .formatted(pin.lane(), pin.number(), pin.lane()));
            }
            PublishedHead head = setup.open(version);
            warming.accept(head);
            return new Found(new Served(version, head, null));
        } catch (ArtifactException e) {
            return new Absent(
                    Cause.UNKNOWN_VERSION,
                    "version %d of lane '%s' cannot be loaded: %s".formatted(pin.number(), pin.lane(), e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warnf(e, "version-not-found lane=%s version=%d", pin.lane(), pin.number());
            return new Absent(
                    Cause.AWAY,
                    "version %d of lane '%s' cannot be searched for at present; try again"
                            .formatted(pin.number(), pin.lane()));
        }
    }

    /** Takes what was found, and returns the calls that waited for it. No batch may be using these heads. */
    List<Call> settle() {
        List<Call> ready = new ArrayList<>();
        for (Result result = results.poll(); result != null; result = results.poll()) {
            if (result.lookup() instanceof Found found) {
                opened.put(result.pin(), found.head());
            } else if (result.lookup() instanceof Absent absent) {
                missed.put(result.pin(), new Missed(absent, System.nanoTime() + recheck.toNanos()));
                trim(missed.values().iterator(), missed.size() - 4 * MOST);
            }
            List<Call> calls = waiting.remove(result.pin());
            if (calls != null) {
                ready.addAll(calls);
            }
        }
        Iterator<Served> eldest = opened.values().iterator();
        for (int i = opened.size(); i > MOST; i--) {
            eldest.next().head().close();
            eldest.remove();
        }
        return ready;
    }

    private static void trim(Iterator<?> eldest, int surplus) {
        for (int i = 0; i < surplus; i++) {
            eldest.next();
            eldest.remove();
        }
    }

    /** Closes all heads, and turns the calls away that wait for one. */
    @Override
    public void close() {
        finder.shutdownNow();
        waiting.values()
                .forEach(calls -> calls.forEach(call -> call.turnAway(Cause.AWAY, "the service stops; try again")));
        waiting.clear();
        settle();
        opened.values().forEach(head -> head.head().close());
        opened.clear();
    }
}
