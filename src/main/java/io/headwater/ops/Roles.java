package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.kafka.Clients;
import io.headwater.role.Role;
import io.headwater.role.RoleState;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The roles that run in this process: started by {@code serve}, stopped with the application, and monitored by the
 * health probes.
 */
@ApplicationScoped
public class Roles {
    private static final Logger LOG = Logger.getLogger(Roles.class);
    private static final long STOP_SECONDS = 8;

    private final HeadwaterConfig config;
    private final MeterRegistry registry;
    private @Nullable AdaptationRuntime runtime;
    private @Nullable Housekeeping housekeeping;
    private volatile @Nullable BrokerWatch brokers;
    private boolean stopped;
    private volatile List<Role> roles = List.of();

    Roles(HeadwaterConfig config, MeterRegistry registry) {
        this.config = config;
        this.registry = registry;
    }

    /**
     * Verifies configuration and topics and starts the configured roles. Does nothing after {@link #stop} was called.
     *
     * @throws ConfigurationException with every fault of the configuration
     */
    public void start() throws Exception {
        // Waiting for brokers and loading the base model happen outside the lock, so that a stop does not have to wait
        // for them.
        AdaptationConfig adaptation = Preflight.check(config);
        RuntimeSettings settings = RuntimeSettings.of(config);
        AdaptationRuntime opened = AdaptationRuntime.open(adaptation, settings);
        List<String> created = opened.ensureTopics();
        if (launch(opened)) {
            LOG.info(StartLine.of(config.roles(), opened, settings, created));
        } else {
            opened.close();
        }
    }

    private synchronized boolean launch(AdaptationRuntime opened) {
        if (stopped) {
            return false;
        }
        runtime = opened;
        watch(opened.clients());
        RoleMetrics metrics = new RoleMetrics(registry);
        metrics.watch(opened);
        Set<ProcessRole> names = new TreeSet<>(config.roles());
        run(names.stream().map(name -> opened.role(name, metrics)).toList());
        if (names.contains(ProcessRole.TRAINER)) {
            housekeeping = housekeeping(opened, metrics);
        }
        return true;
    }

    /** Monitors from now on whether the brokers of {@code clients} answer. */
    void watch(Clients clients) {
        brokers = new BrokerWatch(clients, config.bootstrapServers());
    }

    /** Starts the roles {@code these} and monitors them from now on. */
    void run(List<Role> these) {
        roles = these;
        these.forEach(Role::start);
    }

    private Housekeeping housekeeping(AdaptationRuntime opened, RoleMetrics metrics) {
        Housekeeping begun = new Housekeeping();
        begun.renew(opened::keepConfiguration);
        begun.sweep(
                opened.orphanSweep(
                        Retention.of(config.retention()), config.sweep().minimumAge(), metrics::foreign),
                config.sweep().interval());
        return begun;
    }

    /**
     * Returns a message for each role that ended without being stopped, or that has work but completes none of it; empty
     * when there is none.
     */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (Role role : roles) {
            Duration hanging = role.withoutProgress();
            if (role.state() == RoleState.FAILED) {
                failures.add(role.name() + ": " + role.failure());
            } else if (hanging.compareTo(config.progressTimeout()) > 0) {
                failures.add(
                        "%s: no progress for %d s although there is work".formatted(role.name(), hanging.toSeconds()));
            }
        }
        return failures;
    }

    /** Returns what the roles wait for, as text for people: brokers that do not answer, and what each role that is not running needs. */
    public List<String> waits() {
        return Stream.concat(
                        awayBrokers().map(fault -> "all roles wait for " + fault).stream(),
                        roles.stream()
                                .flatMap(role ->
                                        role.waitsFor().map(what -> role.name() + " waits for " + what).stream()))
                .toList();
    }

    /** Returns whether all configured roles are running, and the brokers answer. */
    public boolean isReady() {
        List<Role> all = roles;
        return !all.isEmpty()
                && all.stream().allMatch(role -> role.state() == RoleState.RUNNING)
                && awayBrokers().isEmpty();
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
        roles.forEach(Role::stop);
        if (!ended(Duration.ofSeconds(STOP_SECONDS))) {
            LOG.warnf("service-stopped graceful=false seconds=%d", STOP_SECONDS);
        } else if (runtime != null) {
            runtime.close();
            LOG.info("service-stopped graceful=true");
        }
    }

    /** Returns whether all roles ended within {@code patience}. */
    private boolean ended(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean all = true;
        for (Role role : roles) {
            all &= role.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
        }
        return all;
    }
}
