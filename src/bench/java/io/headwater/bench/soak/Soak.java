package io.headwater.bench.soak;

import io.headwater.bench.Bench;
import io.headwater.bench.soak.SoakPlan.Phase;
import io.headwater.domain.ModelVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Causes the faults of a plan while samples and requests arrive, and verifies after each phase what came of them. */
final class Soak implements AutoCloseable {
    private static final int WARM_UP = 12;
    /** How long everything that was sent may take to be learned and answered after the last fault of a phase. */
    private static final int PATIENCE_SECONDS = 180;
    /** Versions that are rebuilt after each phase, besides the last one of each lane. */
    private static final int FURTHER_REPLAYS = 6;

    private final SoakInstallation installation;
    private final Traffic traffic;
    private final TopicLog committed;
    private final TopicLog everything;
    private final Verifier verifier;
    private final Random random;
    private final Chaos chaos;
    private final Map<String, Tally> found = new LinkedHashMap<>();
    private final Map<String, Integer> caused = new LinkedHashMap<>();
    private Tally before = new Tally();
    private long kills;

    Soak(SoakInstallation installation, long seed) {
        this.installation = installation;
        this.random = new Random(seed);
        this.chaos = new Chaos(installation, random);
        this.traffic = new Traffic(installation.clients(), installation.codec(), seed);
        String servers = installation.cluster().bootstrapServers();
        this.committed = new TopicLog(servers, installation.topics(), true);
        this.everything = new TopicLog(servers, installation.topics(), false);
        this.verifier = new Verifier(
                committed,
                everything,
                installation.codec(),
                "soak",
                installation.disk().store());
    }

    /** Lets every lane have a version that serves before the first request. */
    void warmUp() throws Exception {
        traffic.warmUp(WARM_UP);
        await("the first versions", () -> {
            committed.read();
            return verifier.versions().size() == traffic.lanes();
        });
        for (Service predictor : installation.predictors()) {
            predictor.node().start();
        }
        for (Service service : services()) {
            if (!service.awaitReady(PATIENCE_SECONDS)) {
                throw new IOException(service.node().name() + " is not ready after " + PATIENCE_SECONDS + " s");
            }
        }
        before = verified(settled());
    }

    private List<Service> services() {
        return Stream.concat(installation.trainers().stream(), installation.predictors().stream())
                .toList();
    }

    /** Causes the faults of a phase, and counts what came of them; stops between two faults after {@code deadline}. */
    void run(Phase phase, long deadline) throws Exception {
        if (System.nanoTime() - deadline > 0) {
            return;
        }
        Tally ended = new Tally();
        traffic.resume();
        for (Fault fault : phase.faults()) {
            if (System.nanoTime() - deadline > 0) {
                break;
            }
            Bench.say("soak: fault=%s", fault);
            chaos.cause(fault, phase.waits());
            kills += fault.isKill() ? 1 : 0;
            caused.merge(phase.name(), 1, Integer::sum);
            restartEnded(ended);
        }
        // A while without faults, so that also what a fault has left behind meets new work.
        TimeUnit.SECONDS.sleep(2);
        traffic.pause();
        Tally now = verified(settled(ended));
        Tally difference = now.plus(before, -1).plus(ended, 1);
        before = now;
        found.merge(phase.name(), difference, (first, second) -> first.plus(second, 1));
        Bench.say("soak: phase=%s %s faults=%s", phase.name(), difference.report(), difference.faults());
    }

    /** Starts processes again that have ended by themselves, as an orchestrator does, and counts them. */
    private void restartEnded(Tally ended) throws IOException, InterruptedException {
        for (Service service : services()) {
            if (service.hasEnded()) {
                Bench.say("soak: %s has ended by itself", service.node().name());
                ended.add(Count.ENDED, 1);
                service.node().kill();
                service.node().start();
            }
        }
        for (Node broker : installation.cluster().nodes()) {
            if (!broker.isAlive()) {
                Bench.say("soak: %s has ended by itself and is started again", broker.name());
                broker.start();
            }
        }
    }

    private Tally settled() throws Exception {
        return settled(new Tally());
    }

    /** Waits until nothing is missing any more or the patience is at an end, and returns what is on the topics then. */
    private Tally settled(Tally ended) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            restartEnded(ended);
            committed.read();
            everything.read();
            Tally tally = verifier.tally();
            tally.add(Count.TRANSACTIONS_OPEN, Cluster.openTransactions(committed.ends(), everything.ends()));
            Map<Count, Long> faults = tally.plus(before, -1).faults();
            if (faults.isEmpty() || System.nanoTime() - deadline > 0) {
                return tally;
            }
            Bench.say("soak: waits for %s", faults);
            TimeUnit.SECONDS.sleep(2);
        }
    }

    /** Adds the results of rebuilding the last version of each lane and some others. */
    private Tally verified(Tally tally) throws Exception {
        List<ModelVersion> chosen = new ArrayList<>();
        List<ModelVersion> others = new ArrayList<>();
        verifier.versions().values().forEach(all -> {
            chosen.add(all.get(all.size() - 1));
            others.addAll(all.subList(0, all.size() - 1));
        });
        for (int i = 0; i < FURTHER_REPLAYS && !others.isEmpty(); i++) {
            chosen.add(others.get(random.nextInt(others.size())));
        }
        tally.add(Count.REPLAYS, before.of(Count.REPLAYS) + chosen.size());
        tally.add(Count.REPLAYS_DIFFER, before.of(Count.REPLAYS_DIFFER) + installation.different(chosen));
        return tally;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    /** Returns the result so far. */
    Map<String, Object> report() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("kills", kills);
        report.put("lanes", traffic.lanes());
        report.put("partitions", installation.topics().partitions());
        report.put("recordsAcknowledged", traffic.acknowledged());
        report.put("recordsNotAcknowledged", traffic.failed());
        report.put("mounts", installation.disk().mounts());
        List<Map<String, Object>> phases = new ArrayList<>();
        found.forEach((name, tally) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("phase", name);
            row.put("faults", caused.getOrDefault(name, 0));
            row.putAll(tally.report());
            phases.add(row);
        });
        report.put("phases", phases);
        return report;
    }

    /** Returns whether everything that should be zero is zero. */
    boolean isClean() {
        return found.values().stream().allMatch(tally -> tally.faults().isEmpty());
    }

    @Override
    public void close() throws InterruptedException {
        traffic.close();
        committed.close();
        everything.close();
    }
}
