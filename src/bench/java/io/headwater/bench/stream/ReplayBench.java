package io.headwater.bench.stream;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.bench.TrainingRun;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.ops.AdaptationRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the cost of replaying 31 samples for each new one, compared with the same training without replay: heads
 * that are trained by gradients, end to end, on one thread of the backbone. The replay memory keeps features, so that a
 * replayed sample costs a part of a step and no run of the backbone.
 */
final class ReplayBench {
    private static final int REPLAYED_FOR_EACH = 31;
    private static final int BATCH = 16;

    private final List<Sentence> sentences;
    private final int rounds;

    private ReplayBench(int samples, int rounds) {
        this.sentences = Sentences.of(samples);
        this.rounds = rounds;
    }

    /**
     * How a head is trained.
     *
     * @param hidden the width of the hidden layer; 0 for none
     * @param steps the number of steps for each batch, over which the replayed samples are divided
     */
    private record Training(int hidden, int steps) {
        AdaptationConfig config(String name, boolean replays) {
            return AdaptationFile.parse("bench", """
                            name: %s
                            task: text-classification
                            base: minilm
                            head.learns: gradient
                            head.hidden: %d
                            training.steps: %d
                            replay.per-step: %d
                            """.formatted(
                                    name, hidden, steps, replays ? REPLAYED_FOR_EACH * BATCH / steps : 0))
                    .withLabels(Sentences.LABELS);
        }
    }

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        Bench.print("replay", new ReplayBench(quick ? 960 : 1920, quick ? 3 : 7).measure(), machine);
    }

    private Map<String, Object> measure() throws Exception {
        Map<Training, List<double[]>> measured = new LinkedHashMap<>();
        for (int hidden : new int[] {0, 64}) {
            for (int steps : new int[] {1, 8}) {
                measured.put(new Training(hidden, steps), new ArrayList<>());
            }
        }
        try (BenchInstallation installation = new BenchInstallation()) {
            installation.fill(sentences);
            once(installation, new Training(64, 8).config("warm-up", true));
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<Training, List<double[]>> one : measured.entrySet()) {
                    // The variants take turns in going first, so that a machine that slows down favours neither.
                    double[] perSecond = new double[2];
                    for (int turn = 0; turn < 2; turn++) {
                        int replays = (round + turn) % 2;
                        String name = "r-%d-%d-%d-%d"
                                .formatted(
                                        round,
                                        one.getKey().hidden(),
                                        one.getKey().steps(),
                                        replays);
                        perSecond[replays] = once(installation, one.getKey().config(name, replays == 1));
                    }
                    Bench.say("round=%d %s none=%.1f replay=%.1f", round, one.getKey(), perSecond[0], perSecond[1]);
                    one.getValue().add(perSecond);
                }
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("samples", sentences.size());
        report.put("rounds", rounds);
        report.put("replayedForEach", REPLAYED_FOR_EACH);
        List<Map<String, Object>> rows = new ArrayList<>();
        measured.forEach((training, rounds) -> rows.add(row(training, rounds)));
        report.put("rows", rows);
        return report;
    }

    private double once(BenchInstallation installation, AdaptationConfig config) throws Exception {
        try (AdaptationRuntime runtime = installation.runtime(config, 1)) {
            return TrainingRun.of(runtime, sentences.size()).samplesPerSecond();
        }
    }

    private static Map<String, Object> row(Training training, List<double[]> rounds) {
        List<Double> costs =
                rounds.stream().map(one -> 100 * (one[0] / one[1] - 1)).toList();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("hidden", training.hidden());
        row.put("steps", training.steps());
        row.put("nonePerSecond", perSecond(rounds, 0));
        row.put("replayPerSecond", perSecond(rounds, 1));
        row.put("costPercent", Bench.rounded(Bench.median(costs), 1));
        row.put("leastPercent", Bench.rounded(Bench.quantile(costs, 0), 1));
        row.put("greatestPercent", Bench.rounded(Bench.quantile(costs, 1), 1));
        return row;
    }

    private static double perSecond(List<double[]> rounds, int variant) {
        return Bench.rounded(
                Bench.median(rounds.stream().map(one -> one[variant]).toList()), 1);
    }
}
