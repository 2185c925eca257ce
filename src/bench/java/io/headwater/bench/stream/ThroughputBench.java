package io.headwater.bench.stream;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.ops.AdaptationRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the end-to-end training throughput of text, from the first record polled to the last commit, compared with
 * the same backbone over the same batches in a plain loop. All settings have their defaults; the variants are
 * interleaved in rounds, and ratios are computed within each round.
 */
final class ThroughputBench {
    private final List<Sentence> sentences;
    private final int rounds;

    private ThroughputBench(int samples, int rounds) {
        this.sentences = Sentences.of(samples);
        this.rounds = rounds;
    }

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        Bench.print("throughput", new ThroughputBench(quick ? 960 : 2400, quick ? 3 : 7).measure(), machine);
    }

    private Map<String, Object> measure() throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("samples", sentences.size());
        report.put("rounds", rounds);
        report.put("batch", BareLoop.BATCH);
        try (BenchInstallation installation = new BenchInstallation();
                BareLoop bare = new BareLoop(config("warm-up"), sentences)) {
            installation.fill(sentences);
            once(installation, "warm-up", 1);
            bare.secondsWithTokenisation(1);
            Map<Integer, List<Round>> measured = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (int workers = 1; workers <= 2; workers++) {
                    Round one = new Round(
                            sentences.size() / bare.seconds(workers),
                            sentences.size() / bare.secondsWithTokenisation(workers),
                            once(installation, "round-" + round + "-" + workers, workers));
                    Bench.say("round=%d workers=%d %s", round, workers, one);
                    measured.computeIfAbsent(workers, key -> new ArrayList<>()).add(one);
                }
            }
            report.put("oneWorker", summary(measured.getOrDefault(1, List.of())));
            report.put("twoWorkers", summary(measured.getOrDefault(2, List.of())));
        }
        return report;
    }

    /** Samples per second of each variant. */
    private record Round(double bare, double bareTokenising, double headwater) {}

    private static Map<String, Object> summary(List<Round> rounds) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put(
                "headwaterPerSecond",
                perSecond(rounds.stream().map(Round::headwater).toList()));
        summary.put("barePerSecond", perSecond(rounds.stream().map(Round::bare).toList()));
        summary.put(
                "bareTokenisingPerSecond",
                perSecond(rounds.stream().map(Round::bareTokenising).toList()));
        summary.put(
                "ratio",
                ratio(rounds.stream().map(r -> r.headwater() / r.bare()).toList()));
        summary.put(
                "ratioToTokenising",
                ratio(rounds.stream()
                        .map(r -> r.headwater() / r.bareTokenising())
                        .toList()));
        return summary;
    }

    private static double perSecond(List<Double> values) {
        return Bench.rounded(Bench.median(values), 1);
    }

    private static double ratio(List<Double> values) {
        return Bench.rounded(Bench.median(values), 3);
    }

    private double once(BenchInstallation installation, String name, int workers) throws Exception {
        try (AdaptationRuntime runtime = installation.runtime(config(name), workers)) {
            return TrainingRun.of(runtime, sentences.size()).samplesPerSecond();
        }
    }

    private static AdaptationConfig config(String name) {
        return Bench.adaptation(name, CheckpointConfig.DEFAULT);
    }
}
