package io.headwater.ops;

import io.headwater.config.ConfigurationException;
import io.headwater.domain.Digest;
import io.headwater.ops.source.AdaptationPlaces;
import io.headwater.ops.source.AdaptationSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the files of a process's adaptations: an adaptation whose file is added starts, one whose file is removed stops, and one
 * whose file is changed is replaced by what the file says now. The others are not touched. A file is acted upon only when two
 * looks in a row saw the same content, because a copy may be under way. What cannot be used is refused with every fault; an
 * adaptation whose file becomes one that cannot be used goes on as before.
 *
 * <p>The content is compared, not the time of a file, because a Kubernetes config map is a link that is turned to another folder.
 */
final class AdaptationWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AdaptationWatch.class);

    /** Looks after which what failed for a reason outside of its file is tried again. */
    static final int RETRY = 6;

    private final AdaptationPlaces places;
    private final Adaptations adaptations;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "headwater-adaptations");
        made.setDaemon(true);
        return made;
    });
    private final Map<Path, Refusal> refused = new TreeMap<>();
    private Map<Path, Digest> before = new HashMap<>();
    private int looks;
    private boolean hasChanged;
    private volatile @Nullable String away;
    private volatile List<Refusal> shown = List.of();

    /** A file that is not used. */
    private record Refusal(AdaptationSource source, List<String> faults) {}

    /**
     * Creates an instance.
     *
     * @param sources what was read from the files when the adaptations were started
     */
    AdaptationWatch(AdaptationPlaces places, Adaptations adaptations, List<AdaptationSource> sources) {
        this.places = places;
        this.adaptations = adaptations;
        sources.forEach(source -> before.put(source.file(), source.content()));
    }

    /** Looks at the files regularly from now on. */
    void every(Duration interval) {
        var unused = thread.scheduleWithFixedDelay(
                this::lookAndSurvive, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAndSurvive() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.warnf(e, "adaptations-not-looked-at");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at the files once, and starts and stops what they ask for. */
    synchronized void look() throws InterruptedException {
        List<AdaptationSource> sources;
        try {
            sources = AdaptationSource.distinct(
                    places.files().stream().map(AdaptationSource::read).toList());
            away = null;
        } catch (ConfigurationException e) {
            isAway(String.valueOf(e.getMessage()));
            return;
        }
        looks++;
        hasChanged = adaptations.release();
        Map<Path, AdaptationSource> now =
                sources.stream().collect(Collectors.toMap(AdaptationSource::file, Function.identity()));
        Map<Path, Digest> last = before;
        before = sources.stream().collect(Collectors.toMap(AdaptationSource::file, AdaptationSource::content));
        refused.keySet().retainAll(now.keySet());
        for (RunningAdaptation one : adaptations.wanted()) {
            Path file = one.source().file();
            if (!now.containsKey(file) && !last.containsKey(file)) {
                LOG.infof("adaptation-removed file=%s adaptation=%s", file, one.name());
                hasChanged |= isStopped(one);
            }
        }
        for (AdaptationSource source : sources) {
            if (source.content().equals(last.get(source.file()))) {
                follow(source);
            }
        }
        shown = List.copyOf(refused.values());
    }

    /** Goes on with what runs: a volume that is away for a moment must not stop anything. */
    private void isAway(String reason) {
        if (!reason.equals(away)) {
            LOG.warnf("adaptations-away: %s; what runs goes on", reason);
        }
        away = reason;
    }

    private void follow(AdaptationSource source) throws InterruptedException {
        @Nullable RunningAdaptation current = adaptations.of(source.file()).orElse(null);
        if (current != null && adaptations.isStopping(current)) {
            return;
        }
        boolean isRetried = looks % RETRY == 0;
        if (current != null && current.source().content().equals(source.content())) {
            refused.remove(source.file());
            if (!isRetried || current.roles().ended().isEmpty()) {
                return;
            }
        }
        @Nullable Refusal known = refused.get(source.file());
        if (known == null || isRetried || hasChanged || !known.source().equals(source)) {
            replace(current, source);
        }
    }

    /** Starts the adaptation of a file, in place of what was started from it before. */
    private void replace(@Nullable RunningAdaptation current, AdaptationSource source) throws InterruptedException {
        if (source.adaptation().isEmpty()) {
            refuse(source, source.faults(), current);
            return;
        }
        String name = source.adaptation().get().name();
        Optional<RunningAdaptation> same = adaptations.running().stream()
                .filter(one -> one != current && one.name().equals(name))
                .findFirst();
        if (same.isPresent()) {
            String fault = "name must be that of one adaptation only, but '%s' runs already, from '%s'; rename one"
                    .formatted(name, same.get().source().file());
            refuse(source, source.refused(fault).faults(), current);
            return;
        }
        AdaptationRuntime opened;
        try {
            opened = adaptations.open(source);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.debugf(e, "adaptation-not-opened file=%s", source.file());
            refuse(source, AdaptationSource.lines(source.file(), Adaptations.reason(e)), current);
            return;
        }
        if (current != null && !isStopped(current)) {
            Adaptations.close(opened); // it starts when the former one has ended
            return;
        }
        refused.remove(source.file());
        adaptations.start(source, opened);
        hasChanged = true;
        LOG.infof(
                "adaptation-started file=%s adaptation=%s base=%s digest=%s",
                source.file(),
                name,
                opened.config().base(),
                opened.hasModel() ? opened.baseModel().abbreviated() : "not-loaded");
    }

    private void refuse(AdaptationSource source, List<String> reasons, @Nullable RunningAdaptation current) {
        @Nullable Refusal known = refused.put(source.file(), new Refusal(source, reasons));
        if (known == null || !known.faults().equals(reasons)) {
            LOG.warnf(
                    "adaptation-refused file=%s%s:\n%s",
                    source.file(),
                    current == null ? "" : ", and adaptation " + current.name() + " goes on as before",
                    String.join("\n", reasons));
        }
    }

    private boolean isStopped(RunningAdaptation one) throws InterruptedException {
        boolean graceful = adaptations.stop(one);
        LOG.infof("adaptation-stopped adaptation=%s graceful=%s", one.name(), graceful);
        return graceful;
    }

    /** Returns why files are not used, one line for each fault, which begins with the file; empty when all are used. */
    List<String> faults() {
        return Stream.concat(
                        Optional.ofNullable(away).stream().flatMap(String::lines),
                        shown.stream().flatMap(refusal -> refusal.faults().stream()))
                .toList();
    }

    /** Returns the number of files that are not used. */
    int refused() {
        return shown.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
