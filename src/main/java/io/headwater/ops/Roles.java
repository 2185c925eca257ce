package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.predictor.Predictor;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerStatus;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The roles that run in this process: started by {@code serve}, stopped with the application, watched by the probes. */
@ApplicationScoped
public class Roles {
    private static final Logger LOG = Logger.getLogger(Roles.class);
    private static final long STOP_SECONDS = 8;

    private final HeadwaterConfig config;
    private final MeterRegistry registry;
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable AdaptationRuntime runtime;
    private @Nullable Housekeeping housekeeping;
    private boolean stopped;
    private volatile boolean started;
    private volatile @Nullable Trainer trainer;
    private volatile @Nullable Predictor predictor;

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
        if (config.roles().contains(ProcessRole.TRAINER)) {
            Trainer role = opened.trainer(metrics);
            trainer = role;
            run("headwater-trainer", role);
            housekeeping = housekeeping(opened);
        }
        if (config.roles().contains(ProcessRole.PREDICTOR)) {
            Predictor role = opened.predictor(metrics);
            predictor = role;
            run("headwater-predictor", role);
        }
        started = true;
        return true;
    }

    private Housekeeping housekeeping(AdaptationRuntime opened) {
        Housekeeping begun = new Housekeeping();
        begun.renew(opened::keepConfiguration);
        begun.sweep(
                opened.orphanSweep(config.sweep().minimumAge()), config.sweep().interval());
        return begun;
    }

    private void run(String name, Runnable role) {
        Thread thread = new Thread(role, name);
        threads.add(thread);
        thread.start();
    }

    /** What is wrong: a role that ended although nobody stopped it; empty when all is well. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        Trainer aTrainer = trainer;
        if (aTrainer != null && aTrainer.status() == TrainerStatus.FAILED) {
            failures.add("trainer: " + aTrainer.failure());
        }
        Predictor aPredictor = predictor;
        if (aPredictor != null && aPredictor.failure() != null) {
            failures.add("predictor: " + aPredictor.failure());
        }
        return failures;
    }

    /** Whether every configured role is at work. */
    public boolean isReady() {
        Trainer aTrainer = trainer;
        Predictor aPredictor = predictor;
        return started
                && (aTrainer == null || aTrainer.status() == TrainerStatus.RUNNING)
                && (aPredictor == null || aPredictor.isRunning());
    }

    /**
     * Lets the trainer publish what it has learned and ends both, within ten seconds: whatever has not ended by then, such
     * as a commit that brokers do not answer, ends with the process and is done again after the next start.
     */
    @PreDestroy
    synchronized void stop() throws Exception {
        stopped = true;
        if (housekeeping != null) {
            housekeeping.close();
        }
        Trainer aTrainer = trainer;
        if (aTrainer != null) {
            aTrainer.stop();
        }
        Predictor aPredictor = predictor;
        if (aPredictor != null) {
            aPredictor.stop();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        if (threads.stream().anyMatch(Thread::isAlive)) {
            LOG.warnf("service-stopped graceful=false seconds=%d", STOP_SECONDS);
        } else if (runtime != null) {
            runtime.close();
            LOG.info("service-stopped graceful=true");
        }
    }
}
