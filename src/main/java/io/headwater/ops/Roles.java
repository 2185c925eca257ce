package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.role.Role;
import io.headwater.role.RoleState;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The roles that run in this process: started by {@code serve}, stopped with the application, watched by the probes. */
@ApplicationScoped
public class Roles {
    private static final Logger LOG = Logger.getLogger(Roles.class);
    private static final long STOP_SECONDS = 8;

    private final HeadwaterConfig config;
    private final MeterRegistry registry;
    private @Nullable AdaptationRuntime runtime;
    private @Nullable Housekeeping housekeeping;
    private boolean stopped;
    private volatile List<Role> roles = List.of();

    Roles(HeadwaterConfig config, MeterRegistry registry) {
        this.config = config;
        this.registry = registry;
    }

    /**
     * Verifies configuration and topics and starts the configured roles; does nothing once {@link #stop} was called.
     *
     * @throws ConfigurationException with every fault of the configuration
     */
    public void start() throws Exception {
        // Waits for brokers and loads the base model: not under the lock, so that a stop need not wait for it.
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
        RoleMetrics metrics = new RoleMetrics(registry);
        metrics.watch(opened);
        Set<ProcessRole> names = new TreeSet<>(config.roles());
        run(names.stream().map(name -> opened.role(name, metrics)).toList());
        if (names.contains(ProcessRole.TRAINER)) {
            housekeeping = housekeeping(opened);
        }
        return true;
    }

    /** Starts {@code these} and watches them from now on. */
    void run(List<Role> these) {
        roles = these;
        these.forEach(Role::start);
    }

    private Housekeeping housekeeping(AdaptationRuntime opened) {
        Housekeeping begun = new Housekeeping();
        begun.renew(opened::keepConfiguration);
        begun.sweep(
                opened.orphanSweep(config.sweep().minimumAge()), config.sweep().interval());
        return begun;
    }

    /** What is wrong: a role that ended although nobody stopped it; empty when all is well. */
    public List<String> failures() {
        return roles.stream()
                .filter(role -> role.state() == RoleState.FAILED)
                .map(role -> role.name() + ": " + role.failure())
                .toList();
    }

    /** Whether every configured role is at work. */
    public boolean isReady() {
        List<Role> all = roles;
        return !all.isEmpty() && all.stream().allMatch(role -> role.state() == RoleState.RUNNING);
    }

    /**
     * Lets every role complete its work at hand and ends them all, within ten seconds: whatever has not ended by then, such
     * as a commit that brokers do not answer, ends with the process and is done again after the next start.
     */
    @PreDestroy
    synchronized void stop() throws Exception {
        stopped = true;
        if (housekeeping != null) {
            housekeeping.close();
        }
        roles.forEach(Role::stop);
        if (!ended(Duration.ofSeconds(STOP_SECONDS))) {
            LOG.warnf("service-stopped graceful=false seconds=%d", STOP_SECONDS);
        } else if (runtime != null) {
            runtime.close();
            LOG.info("service-stopped graceful=true");
        }
    }

    /** Whether all roles ended within {@code patience}. */
    private boolean ended(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean all = true;
        for (Role role : roles) {
            all &= role.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
        }
        return all;
    }
}
