package io.headwater.bench.soak;

import io.headwater.bench.Bench;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Does to an installation what may happen to one, at random times. */
final class Chaos {
    /**
     * Longer than a consumer may be silent (6 s), a broker (6 s), a transaction (10 s), a poll (12 s) and a delivery (15 s) may
     * take.
     */
    private static final int PAUSE_SECONDS = 18;
    /** Now and then longer than records may be prepared (30 s). */
    private static final int LONG_PAUSE_SECONDS = 34;

    private static final int READY_SECONDS = 40;

    private final SoakInstallation on;
    private final Random random;

    Chaos(SoakInstallation on, Random random) {
        this.on = on;
        this.random = random;
    }

    /**
     * Causes a fault, and ends it.
     *
     * @param waits whether to wait before it until what it hits is ready, so that it is at work
     */
    void cause(Fault fault, boolean waits) throws IOException, InterruptedException {
        switch (fault) {
            case KILL_TRAINER -> kill(any(on.trainers()), waits);
            case KILL_PREDICTOR -> kill(any(on.predictors()), waits);
            case KILL_BROKER -> killBroker(waits);
            case PAUSE_TRAINER -> pause(any(on.trainers()), "trainer");
            case PAUSE_PREDICTOR -> pause(any(on.predictors()), "predictor");
            case PAUSE_BROKER -> pauseBroker(waits);
            case FULL_DISK -> fullDisk();
            case STORE_AWAY -> storeAway();
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void sleep(int least, int most) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(least + random.nextInt(most - least));
    }

    private void kill(Service service, boolean waits) throws IOException, InterruptedException {
        if (waits && !service.awaitReady(READY_SECONDS)) {
            Bench.say(
                    "soak: %s is killed although it is not ready",
                    service.node().name());
        }
        sleep(0, 2500);
        service.node().kill();
        if (random.nextInt(4) == 0) {
            // Long enough for another process to take over.
            sleep(0, 7000);
        }
        service.node().start();
    }

    private void killBroker(boolean waits) throws IOException, InterruptedException {
        if (waits && !on.cluster().awaitInSync(on.topics(), 60)) {
            Bench.say("soak: a broker is killed although not all replicas are in sync");
        }
        sleep(0, 2500);
        Node broker = any(on.cluster().nodes());
        broker.kill();
        if (random.nextInt(4) == 0) {
            // Long enough for other brokers to lead its partitions.
            sleep(0, 10_000);
        }
        broker.start();
    }

    /** Half of the time a successor of the same name starts meanwhile, as where a machine is given up for lost. */
    private void pause(Service service, String role) throws IOException, InterruptedException {
        service.awaitReady(READY_SECONDS);
        sleep(0, 2500);
        boolean succeeded = random.nextBoolean();
        int seconds = random.nextInt(4) == 0 ? LONG_PAUSE_SECONDS : PAUSE_SECONDS;
        service.node().pause();
        if (!succeeded) {
            TimeUnit.SECONDS.sleep(seconds);
            service.node().resume();
            sleep(1000, 4000);
            return;
        }
        Service successor = on.service(role, service.node().name());
        successor.node().start();
        TimeUnit.SECONDS.sleep(seconds);
        service.node().resume();
        sleep(1000, 6000);
        // One of the two must go, because they would fence each other for ever.
        successor.node().kill();
        if (random.nextBoolean()) {
            service.node().kill();
            service.node().start();
        }
    }

    private void pauseBroker(boolean waits) throws IOException, InterruptedException {
        if (waits) {
            on.cluster().awaitInSync(on.topics(), 60);
        }
        sleep(0, 2500);
        Node broker = any(on.cluster().nodes());
        broker.pause();
        TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        broker.resume();
    }

    private void fullDisk() throws IOException, InterruptedException {
        if (!on.disk().mounts()) {
            return;
        }
        sleep(0, 2500);
        on.disk().fill(random);
        sleep(1000, 6000);
        perhapsKill();
        sleep(1000, 6000);
        on.disk().free();
    }

    private void storeAway() throws IOException, InterruptedException {
        sleep(0, 2500);
        on.disk().takeAway(random.nextBoolean());
        sleep(500, 5000);
        perhapsKill();
        sleep(1000, 9000);
        on.disk().bringBack();
    }

    /** Half of the time kills a service, which then starts without its store. */
    private void perhapsKill() throws IOException, InterruptedException {
        if (random.nextBoolean()) {
            kill(any(random.nextBoolean() ? on.trainers() : on.predictors()), false);
        }
    }
}
