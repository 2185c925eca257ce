package io.headwater.bench.stream;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.bench.TrainingRun;
import io.headwater.config.CheckpointConfig;
import io.headwater.ops.AdaptationRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the cost of a checkpoint every 50 steps, compared with the same training with a single checkpoint at its
 * end; the runs are interleaved.
 */
final class CheckpointBench {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int EVERY = 50;
    private static final int HARDLY_EVER = 1_000_000;

    private CheckpointBench() {}

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        int rounds = quick ? 3 : 7;
        List<Sentence> sentences = Sentences.of(quick ? 1600 : 4000);
        Map<String, String> machine = Machine.facts();
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        int checkpoints = 0;
        try (BenchInstallation installation = new BenchInstallation()) {
            installation.fill(sentences);
            once(installation, "warm-up", EVERY, sentences.size());
            for (int round = 0; round < rounds; round++) {
                // The variants take turns in going first, so that a machine that slows down favours neither.
                TrainingRun early = once(installation, "a-" + round, steps(round), sentences.size());
                TrainingRun late = once(installation, "b-" + round, steps(round + 1), sentences.size());
                TrainingRun often = round % 2 == 0 ? early : late;
                TrainingRun hardly = round % 2 == 0 ? late : early;
                Bench.say("round=%d often=%s hardly=%s", round, often, hardly);
                with.add(often.samplesPerSecond());
                without.add(hardly.samplesPerSecond());
                ratios.add(often.samplesPerSecond() / hardly.samplesPerSecond());
                checkpoints = often.checkpoints();
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("samples", sentences.size());
        report.put("rounds", rounds);
        report.put("stepsACheckpoint", EVERY);
        report.put("checkpoints", checkpoints);
        report.put("withPerSecond", Bench.rounded(Bench.median(with), 1));
        report.put("withoutPerSecond", Bench.rounded(Bench.median(without), 1));
        report.put("ratio", Bench.rounded(Bench.median(ratios), 3));
        report.put("costPercent", Bench.rounded(100 * (1 - Bench.median(ratios)), 1));
        Bench.print("checkpoint", report, machine);
    }

    private static int steps(int turn) {
        return turn % 2 == 0 ? EVERY : HARDLY_EVER;
    }

    private static TrainingRun once(BenchInstallation installation, String name, int steps, int samples)
            throws Exception {
        CheckpointConfig checkpoint = new CheckpointConfig(steps, NEVER, NEVER);
        try (AdaptationRuntime runtime = installation.runtime(Bench.adaptation(name, checkpoint), 1)) {
            return TrainingRun.of(runtime, samples);
        }
    }
}
