package io.headwater.ops;

import io.headwater.board.Board;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.online.Desk;
import io.headwater.ops.Preflight.Checked;
import io.headwater.ops.source.AdaptationSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The roles that run in this process, for one adaptation or several: started by {@code serve}, stopped with the application, and
 * monitored by the health probes.
 */
@ApplicationScoped
public class Roles {
    private static final Logger LOG = Logger.getLogger(Roles.class);

    private final HeadwaterConfig config;
    private final MeterRegistry registry;
    private final OpenTelemetry telemetry;
    private volatile @Nullable Adaptations adaptations;
    private volatile @Nullable AdaptationWatch files;
    private volatile @Nullable BrokerWatch brokers;
    private volatile @Nullable Board board;
    private @Nullable Housekeeping housekeeping;
    private boolean stopped;
    private volatile List<RoleGroup> others = List.of();

    @Inject
    Roles(HeadwaterConfig config, MeterRegistry registry, OpenTelemetry telemetry) {
        this.config = config;
        this.registry = registry;
        this.telemetry = telemetry;
    }

    /**
     * Verifies configuration and topics and starts the configured roles of all adaptations. Does nothing after {@link #stop} was
     * called.
     *
     * @throws ConfigurationException with every fault of the configuration
     */
    public void start() throws Exception {
        // Waiting for brokers and loading the base models happen outside the lock, so that a stop does not have to wait
        // for them.
        Checked checked = Preflight.check(config);
        SharedResources shared = new SharedResources(RuntimeSettings.of(config), telemetry);
        Adaptations begun = new Adaptations(
                shared, registry, config.roles(), checked.places().isPlural());
        Map<AdaptationSource, AdaptationRuntime> opened = begun.open(checked.sources());
        List<String> created = shared.ensureTopics(topics(opened.values(), shared.settings()));
        if (launch(begun, opened, checked)) {
            opened.values().forEach(one -> LOG.info(StartLine.of(config.roles(), one, shared.settings(), created)));
        } else {
            opened.values().forEach(Adaptations::close);
        }
    }

    private Set<Topic> topics(Collection<AdaptationRuntime> opened, RuntimeSettings settings) {
        return RoleTopics.of(
                config.roles(),
                opened.stream().anyMatch(one -> one.config().asks().isOn()),
                settings.ahead().isUsed(),
                settings.online().isLogged());
    }

    private synchronized boolean launch(
            Adaptations begun, Map<AdaptationSource, AdaptationRuntime> opened, Checked checked) {
        if (stopped) {
            return false;
        }
        watch(begun.shared().clients());
        AdaptationWatch watch = new AdaptationWatch(checked.places(), begun, checked.sources());
        ProcessMetrics.watch(registry, begun.shared().features());
        ProcessMetrics.watch(registry, begun::count, watch::refused);
        opened.forEach(begun::start);
        adaptations = begun;
        files = watch;
        if (begun.isPlural()) {
            watch.every(config.adaptationInterval());
        }
        if (config.roles().contains(ProcessRole.PAGE)) {
            Board begunBoard =
                    new Board(begun.shared().clients(), begun.shared().codec(), config.instance());
            run(new RoleGroup("", List.of(begunBoard)));
            board = begunBoard;
        }
        if (config.roles().contains(ProcessRole.TRAINER)) {
            housekeeping = housekeeping(begun);
        }
        return true;
    }

    /** Monitors from now on whether the brokers of {@code clients} answer. */
    void watch(Clients clients) {
        brokers = new BrokerWatch(clients, config.bootstrapServers());
    }

    /** Starts {@code roles}, which belong to no adaptation, and monitors them from now on. */
    void run(RoleGroup roles) {
        others = List.of(roles);
        roles.start();
    }

    private Housekeeping housekeeping(Adaptations all) {
        Housekeeping begun = new Housekeeping();
        begun.renew(() -> all.running().forEach(one -> one.runtime().keepConfiguration()));
        begun.sweep(
                all.shared()
                        .orphanSweep(
                                Retention.of(config.retention()),
                                config.sweep().minimumAge(),
                                topic -> all.running().stream()
                                        .findFirst()
                                        .ifPresent(one -> one.metrics().foreign(topic))),
                config.sweep().interval());
        return begun;
    }

    /** Looks at the files of the adaptations now, and starts and stops what they ask for. */
    void look() throws InterruptedException {
        AdaptationWatch watch = files;
        if (watch != null) {
            watch.look();
        }
    }

    private List<RoleGroup> groups() {
        Adaptations all = adaptations;
        Stream<RoleGroup> ofAdaptations =
                all == null ? Stream.of() : all.wanted().stream().map(RunningAdaptation::roles);
        return Stream.concat(ofAdaptations, others.stream()).toList();
    }

    /** Returns whether a role of {@code group} that ended by itself is started again by this process. */
    private boolean isStartedAgain(RoleGroup group) {
        Adaptations all = adaptations;
        return all != null && all.isPlural() && !others.contains(group);
    }

    /**
     * Returns a message for each role that has work but completes none of it, or that ended without being stopped and is not
     * started again by this process; empty when there is none.
     */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (RoleGroup group : groups()) {
            if (!isStartedAgain(group)) {
                failures.addAll(group.ended());
            }
            failures.addAll(group.hanging(config.progressTimeout()));
        }
        return failures;
    }

    /**
     * Returns what the roles wait for, as text for people: brokers that do not answer, and what each role that is not running
     * needs.
     */
    public List<String> waits() {
        List<String> waits = new ArrayList<>();
        awayBrokers().ifPresent(fault -> waits.add("all roles wait for " + fault));
        for (RoleGroup group : groups()) {
            waits.addAll(group.waits());
            if (isStartedAgain(group)) {
                group.ended().forEach(ended -> waits.add(ended + "; its adaptation is started again in a while"));
            }
        }
        return waits;
    }

    /** Returns the names of the adaptations that run. */
    public List<String> adaptations() {
        Adaptations all = adaptations;
        return all == null
                ? List.of()
                : all.running().stream().map(RunningAdaptation::name).sorted().toList();
    }

    /** Returns the faults of files of adaptations that are not used, one line each, which begins with the file. */
    public List<String> refused() {
        AdaptationWatch watch = files;
        return watch == null ? List.of() : watch.faults();
    }

    /** Returns whether all configured roles of all adaptations are running, and the brokers answer. */
    public boolean isReady() {
        List<RoleGroup> groups = groups();
        return !groups.isEmpty()
                && groups.stream().allMatch(RoleGroup::isRunning)
                && (awayBrokers().isEmpty() || isFreshEnough());
    }

    /** Returns whether a process that only answers over HTTP may go on with the versions that it knows. */
    private boolean isFreshEnough() {
        BrokerWatch watch = brokers;
        return watch != null
                && config.roles().equals(Set.of(ProcessRole.API))
                && watch.sinceAnswer().compareTo(config.api().maxModelStaleness()) <= 0;
    }

    /** Returns where callers ask the lanes of all adaptations that run here with the role {@code api}. */
    public List<Desk> desks() {
        return groups().stream()
                .flatMap(group -> group.roles().stream())
                .filter(Desk.class::isInstance)
                .map(Desk.class::cast)
                .toList();
    }

    /** Returns what people see of all lanes; empty where the role {@code page} does not run, or does not yet. */
    public Optional<Board> board() {
        return Optional.ofNullable(board);
    }

    private Optional<String> awayBrokers() {
        BrokerWatch watch = brokers;
        return watch == null ? Optional.empty() : watch.fault();
    }

    /**
     * Stops all roles after their current work, within ten seconds. Work that is not complete by then, such as a commit
     * to which brokers do not respond, is aborted when the process exits and is repeated after the next start.
     */
    @PreDestroy
    synchronized void stop() throws Exception {
        stopped = true;
        if (housekeeping != null) {
            housekeeping.close();
        }
        BrokerWatch watch = brokers;
        if (watch != null) {
            watch.close();
        }
        AdaptationWatch folder = files;
        if (folder != null) {
            folder.close();
        }
        others.forEach(RoleGroup::stop);
        Adaptations all = adaptations;
        boolean graceful = all == null || all.stopAll(Adaptations.STOP);
        for (RoleGroup group : others) {
            graceful &= group.awaitEnd(Adaptations.STOP);
        }
        if (!graceful) {
            LOG.warnf("service-stopped graceful=false seconds=%d", Adaptations.STOP.toSeconds());
        } else if (all != null) {
            LOG.info("service-stopped graceful=true");
        }
    }
}
