package io.headwater.bench.stream;

import io.headwater.adapt.StepReport;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Lane;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.role.RoleState;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Measures heap and resident memory of a process with broker and trainer while it trains on 20,000 samples at full
 * speed.
 */
final class MemoryBench implements TrainerListener {
    private static final int TENTHS = 10;

    private final AtomicInteger learned = new AtomicInteger();
    private final List<Reading> readings = new ArrayList<>();

    private MemoryBench() {}

    /** The memory after training on a number of samples. */
    private record Reading(int samples, double heapMiB, double residentMiB) {}

    public static void main(String[] args) throws Exception {
        Map<String, String> machine = Machine.facts();
        Bench.print("memory", new MemoryBench().measure(Bench.isQuick(args) ? 4000 : 20_000), machine);
    }

    private Map<String, Object> measure(int samples) throws Exception {
        List<Sentence> sentences = Sentences.of(samples);
        try (BenchInstallation installation = new BenchInstallation();
                AdaptationRuntime runtime =
                        installation.runtime(Bench.adaptation("memory", CheckpointConfig.DEFAULT), 1)) {
            installation.fill(sentences);
            ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
            var unused = clock.scheduleAtFixedRate(this::read, 0, 250, TimeUnit.MILLISECONDS);
            Trainer trainer = runtime.trainer(this);
            trainer.runToEnd();
            clock.shutdownNow();
            if (trainer.state() != RoleState.STOPPED || learned.get() != samples) {
                throw new IllegalStateException("learned " + learned + " of " + samples, trainer.failure());
            }
        }
        return report(samples);
    }

    private synchronized Map<String, Object> report(int samples) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("samples", samples);
        report.put("heapMaxMiB", Bench.rounded(max(readings, Reading::heapMiB), 0));
        report.put("residentMaxMiB", Bench.rounded(max(readings, Reading::residentMiB), 0));
        List<Map<String, Object>> tenths = new ArrayList<>();
        for (int tenth = 0; tenth < TENTHS; tenth++) {
            int from = tenth * samples / TENTHS;
            int to = (tenth + 1) * samples / TENTHS;
            List<Reading> within = readings.stream()
                    .filter(reading -> reading.samples() >= from && reading.samples() < to)
                    .toList();
            if (!within.isEmpty()) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("samples", to);
                line.put("heapMaxMiB", Bench.rounded(max(within, Reading::heapMiB), 0));
                line.put("residentMiB", Bench.rounded(resident(within), 0));
                tenths.add(line);
            }
        }
        report.put("tenths", tenths);
        double early = resident(share(samples, 0.3, 0.5));
        double late = resident(share(samples, 0.8, 1.0));
        report.put("residentGrowthPercent", Bench.rounded(100 * (late / early - 1), 1));
        return report;
    }

    private List<Reading> share(int samples, double from, double to) {
        return readings.stream()
                .filter(reading -> reading.samples() >= from * samples && reading.samples() < to * samples)
                .toList();
    }

    private static double resident(List<Reading> readings) {
        return Bench.median(readings.stream().map(Reading::residentMiB).toList());
    }

    private static double max(List<Reading> readings, ToDoubleFunction<Reading> what) {
        return readings.stream().mapToDouble(what).max().orElse(0);
    }

    private synchronized void read() {
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) (1 << 20);
        readings.add(new Reading(learned.get(), heap, Machine.residentMiB()));
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        learned.addAndGet(report.scores().size());
    }
}
