package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.ops.source.AdaptationSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The adaptations that run in this process. Each is started and stopped without the others; what they share is in
 * {@link SharedResources}. Thread-safe.
 */
final class Adaptations {
    /** Time for the roles of an adaptation to publish what they have and to leave their groups. */
    static final Duration STOP = Duration.ofSeconds(8);

    private static final Set<ProcessRole> COMPUTING_NOTHING = Set.of(ProcessRole.STREAMS, ProcessRole.PAGE);
    private static final Logger LOG = Logger.getLogger(Adaptations.class);

    private final SharedResources shared;
    private final MeterRegistry registry;
    private final Set<ProcessRole> roles;
    private final boolean isPlural;
    private final AtomicInteger metricPlaces = RoleMetrics.places();
    private volatile List<RunningAdaptation> running = List.of();
    private volatile List<RunningAdaptation> stopping = List.of();
    private boolean closed;

    /**
     * Creates an instance without adaptations.
     *
     * @param roles the roles of each adaptation
     * @param isPlural whether there may be several, so that metrics and messages name the adaptation
     */
    Adaptations(SharedResources shared, MeterRegistry registry, Set<ProcessRole> roles, boolean isPlural) {
        this.shared = shared;
        this.registry = registry;
        this.roles = Set.copyOf(roles);
        this.isPlural = isPlural;
    }

    /** Returns whether there may be several adaptations. */
    boolean isPlural() {
        return isPlural;
    }

    SharedResources shared() {
        return shared;
    }

    /**
     * Opens the adaptations of all {@code sources}, none of which has a fault.
     *
     * @throws RuntimeException when one cannot be opened; of several, a {@link ConfigurationException} with the reason of each
     */
    Map<AdaptationSource, AdaptationRuntime> open(List<AdaptationSource> sources) {
        if (!isPlural) {
            return Map.of(sources.get(0), open(sources.get(0)));
        }
        Map<AdaptationSource, AdaptationRuntime> opened = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (AdaptationSource source : sources) {
            try {
                opened.put(source, open(source));
            } catch (RuntimeException e) {
                faults.addAll(AdaptationSource.lines(source.file(), reason(e)));
            }
        }
        if (!faults.isEmpty()) {
            opened.values().forEach(Adaptations::close);
            throw ConfigurationException.ofAll(faults);
        }
        return opened;
    }

    /**
     * Opens the adaptation of {@code source}, which has no fault.
     *
     * @throws RuntimeException when this is not possible, with the reason
     */
    AdaptationRuntime open(AdaptationSource source) {
        AdaptationConfig adaptation = source.adaptation().orElseThrow();
        return COMPUTING_NOTHING.containsAll(roles)
                ? AdaptationRuntime.openWithoutModel(adaptation, shared)
                : AdaptationRuntime.open(adaptation, shared);
    }

    /** Returns why an adaptation could not be opened. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    /** Closes an adaptation that was opened, but not started. */
    static void close(AdaptationRuntime opened) {
        try {
            opened.close();
        } catch (Exception e) {
            LOG.warnf(e, "adaptation-not-closed adaptation=%s", opened.config().name());
        }
    }

    /** Starts the roles of an opened adaptation; closes it instead when all adaptations were stopped. */
    synchronized void start(AdaptationSource source, AdaptationRuntime opened) {
        if (closed) {
            close(opened);
            return;
        }
        String name = opened.config().name();
        RoleMetrics metrics = isPlural ? new RoleMetrics(registry, name, metricPlaces) : new RoleMetrics(registry);
        running = Stream.concat(
                        running.stream(),
                        Stream.of(RunningAdaptation.start(source, opened, metrics, roles, isPlural ? name + " " : "")))
                .toList();
    }

    /**
     * Stops one adaptation, and waits a while until its roles have ended.
     *
     * @return whether they have; if not, it is {@link #isStopping}, and {@link #release} does the rest
     */
    boolean stop(RunningAdaptation one) throws InterruptedException {
        one.roles().stop();
        synchronized (this) {
            if (!stopping.contains(one)) {
                stopping = Stream.concat(stopping.stream(), Stream.of(one)).toList();
            }
        }
        return isEnded(one, STOP);
    }

    /** Releases adaptations that have ended since they were stopped; returns whether there was one. */
    boolean release() throws InterruptedException {
        boolean any = false;
        for (RunningAdaptation one : stopping) {
            any |= isEnded(one, Duration.ZERO);
        }
        return any;
    }

    private boolean isEnded(RunningAdaptation one, Duration patience) throws InterruptedException {
        if (!one.roles().awaitEnd(patience)) {
            return false;
        }
        boolean isFirst;
        synchronized (this) {
            isFirst = running.contains(one);
            running = running.stream().filter(other -> other != one).toList();
            stopping = stopping.stream().filter(other -> other != one).toList();
        }
        if (isFirst) {
            one.metrics().close();
            close(one.runtime());
        }
        return true;
    }

    /** Returns the adaptations that run, including those that were requested to stop, but have not ended yet. */
    List<RunningAdaptation> running() {
        return running;
    }

    /** Returns the number of adaptations whose roles all do their work, or will. */
    int count() {
        return (int)
                wanted().stream().filter(one -> one.roles().ended().isEmpty()).count();
    }

    /** Returns whether {@code one} was requested to stop. */
    boolean isStopping(RunningAdaptation one) {
        return stopping.contains(one);
    }

    /** Returns the adaptation that was started from {@code file}. */
    Optional<RunningAdaptation> of(Path file) {
        return running.stream().filter(one -> one.source().file().equals(file)).findFirst();
    }

    /** Returns the adaptations that nobody stopped. */
    List<RunningAdaptation> wanted() {
        List<RunningAdaptation> leaving = stopping;
        return running.stream().filter(one -> !leaving.contains(one)).toList();
    }

    /**
     * Stops all adaptations, within {@code patience}; none can be started from now on.
     *
     * @return whether all ended
     */
    boolean stopAll(Duration patience) throws InterruptedException {
        List<RunningAdaptation> all;
        synchronized (this) {
            closed = true;
            all = running;
        }
        all.forEach(one -> one.roles().stop());
        long deadline = System.nanoTime() + patience.toNanos();
        boolean ended = true;
        for (RunningAdaptation one : all) {
            ended &= one.roles().awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
        }
        if (ended) {
            for (RunningAdaptation one : all) {
                isEnded(one, Duration.ZERO);
            }
        }
        return ended;
    }
}
