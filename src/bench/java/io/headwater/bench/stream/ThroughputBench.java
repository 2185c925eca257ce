package io.headwater.bench.stream;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.bench.TrainingRun;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.CheckpointConfig;
import io.headwater.ops.AdaptationRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Measures the end-to-end training throughput of text, from the first record polled to the last commit, compared with
 * the same backbone over the same batches in a plain loop, and with a linear probe of one step for each batch. All other
 * settings have their defaults; the variants are interleaved in rounds, and ratios are computed within each round. The
 * processor time of all threads hardly depends on what else the machine does.
 */
final class ThroughputBench {
    /** A head that learns by one gradient step for each batch, which costs next to nothing. */
    private static final String PROBE = """
            name: %s
            task: text-classification
            base: minilm
            head.learns: gradient
            training.steps: 1
            training.feature-scaling: none
            training.averaged-steps: 0
            training.warm-start: 0
            replay.per-step: 16
            """;

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
            once(installation, config("warm-up"), 1);
            once(installation, probe("warm-up-probe"), 1);
            bare.secondsWithTokenisation(1);
            Map<Integer, List<Round>> measured = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (int workers = 1; workers <= 2; workers++) {
                    int threads = workers;
                    String name = round + "-" + workers;
                    Round one = new Round(
                            speed(() -> sentences.size() / bare.seconds(threads)),
                            speed(() -> sentences.size() / bare.secondsWithTokenisation(threads)),
                            speed(() -> once(installation, config("round-" + name), threads)),
                            speed(() -> once(installation, probe("probe-" + name), threads)));
                    Bench.say("round=%d workers=%d %s", round, workers, one);
                    measured.computeIfAbsent(workers, key -> new ArrayList<>()).add(one);
                }
            }
            report.put("oneWorker", summary(measured.getOrDefault(1, List.of())));
            report.put("twoWorkers", summary(measured.getOrDefault(2, List.of())));
        }
        return report;
    }

    /** The speed of each variant. */
    private record Round(Speed bare, Speed bareTokenising, Speed headwater, Speed probe) {}

    /**
     * The speed of a variant.
     *
     * @param perSecond samples per second
     * @param processorMilliseconds processor time of all threads for each sample
     */
    private record Speed(double perSecond, double processorMilliseconds) {}

    private Speed speed(Callable<Double> perSecond) throws Exception {
        double before = Machine.processorSeconds();
        double measured = perSecond.call();
        return new Speed(measured, 1000 * (Machine.processorSeconds() - before) / sentences.size());
    }

    private static Map<String, Object> summary(List<Round> rounds) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("headwaterPerSecond", perSecond(rounds, Round::headwater));
        summary.put("barePerSecond", perSecond(rounds, Round::bare));
        summary.put("bareTokenisingPerSecond", perSecond(rounds, Round::bareTokenising));
        summary.put("probePerSecond", perSecond(rounds, Round::probe));
        summary.put("ratio", ratio(rounds, Round::bare));
        summary.put("ratioToTokenising", ratio(rounds, Round::bareTokenising));
        summary.put("ratioToProbe", ratio(rounds, Round::probe));
        summary.put("headwaterProcessorMilliseconds", processor(rounds, Round::headwater));
        summary.put("probeProcessorMilliseconds", processor(rounds, Round::probe));
        summary.put("bareProcessorMilliseconds", processor(rounds, Round::bare));
        return summary;
    }

    private static double perSecond(List<Round> rounds, Function<Round, Speed> variant) {
        return median(rounds, round -> variant.apply(round).perSecond(), 1);
    }

    private static double processor(List<Round> rounds, Function<Round, Speed> variant) {
        return median(rounds, round -> variant.apply(round).processorMilliseconds(), 2);
    }

    private static double ratio(List<Round> rounds, Function<Round, Speed> to) {
        return median(
                rounds, round -> round.headwater().perSecond() / to.apply(round).perSecond(), 3);
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value, int decimals) {
        return Bench.rounded(
                Bench.median(rounds.stream().mapToDouble(value).boxed().toList()), decimals);
    }

    private double once(BenchInstallation installation, AdaptationConfig config, int workers) throws Exception {
        try (AdaptationRuntime runtime = installation.runtime(config, workers)) {
            return TrainingRun.of(runtime, sentences.size()).samplesPerSecond();
        }
    }

    static AdaptationConfig config(String name) {
        return Bench.adaptation(name, CheckpointConfig.DEFAULT);
    }

    static AdaptationConfig probe(String name) {
        return AdaptationFile.parse("bench", PROBE.formatted(name)).withLabels(Sentences.LABELS);
    }
}
