package io.headwater.bench.top;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.top.TopProcess.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the processor time of a batch of steps of a head on frozen features with one thread and default settings, in Headwater
 * and in PyTorch. Each engine runs in a process of its own, and the engines take turns.
 */
final class HeadBench {
    private static final Path FOLDER = Path.of("target", "bench", "heads");
    private static final int COMPARED_LOSSES = 5;
    private static final double LOSS_TOLERANCE = 1e-3;
    private static final int WARM_UP = 300;

    private final HeadCase trained;
    private final int rounds;
    private final int batches;
    private final List<Double> headwater = new ArrayList<>();
    private final List<Double> pyTorch = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();

    private HeadBench(HeadCase trained, int rounds, int batches) {
        this.trained = trained;
        this.rounds = rounds;
        this.batches = batches;
    }

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        int rounds = quick ? 3 : 9;
        int batches = quick ? 60 : 200;
        Map<String, String> machine = Machine.facts();
        List<Map<String, Object>> heads = new ArrayList<>();
        for (HeadCase trained : HeadCase.all()) {
            heads.add(new HeadBench(trained, rounds, batches).measure());
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("rounds", rounds);
        report.put("batchesARound", batches);
        report.put("classes", HeadCase.CLASSES);
        report.put("fresh", HeadCase.FRESH);
        report.put(
                "steps", HeadCase.all().get(0).config().training().gradients().steps());
        report.put("heads", heads);
        Bench.print("heads", report, machine);
    }

    private Map<String, Object> measure() throws Exception {
        trained.prepare(FOLDER);
        try (TopProcess ours = TopEngines.HEADWATER.start("HeadwaterHead", trained.arguments(FOLDER));
                TopProcess theirs = TopEngines.PYTORCH.start("PyTorchHead", trained.arguments(FOLDER))) {
            double difference = lossDifference(ours, theirs);
            ours.steps(WARM_UP);
            theirs.steps(WARM_UP);
            for (int round = 0; round < rounds; round++) {
                // The engines take turns in going first, so that a machine that slows down favours none of them.
                double first = milliseconds(round % 2 == 0 ? ours : theirs);
                double second = milliseconds(round % 2 == 0 ? theirs : ours);
                headwater.add(round % 2 == 0 ? first : second);
                pyTorch.add(round % 2 == 0 ? second : first);
                ratios.add(headwater.get(round) / pyTorch.get(round));
            }
            Bench.say("%s headwater=%s pyTorch=%s ratios=%s", trained, headwater, pyTorch, ratios);
            return report(difference);
        }
    }

    private double milliseconds(TopProcess engine) throws Exception {
        return Bench.median(
                engine.steps(batches).stream().map(Step::processorMilliseconds).toList());
    }

    /** Returns the largest difference between the losses before the first batches. */
    private static double lossDifference(TopProcess ours, TopProcess theirs) throws Exception {
        List<Step> first = ours.steps(COMPARED_LOSSES);
        List<Step> second = theirs.steps(COMPARED_LOSSES);
        double most = 0;
        for (int i = 0; i < COMPARED_LOSSES; i++) {
            most = Math.max(most, Math.abs(first.get(i).loss() - second.get(i).loss()));
        }
        if (!(most <= LOSS_TOLERANCE)) {
            throw new IllegalStateException("losses of Headwater and PyTorch must agree within " + LOSS_TOLERANCE
                    + ", but differ by " + most + ": " + first + " and " + second);
        }
        return most;
    }

    private Map<String, Object> report(double difference) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("head", trained.title());
        report.put("features", trained.features());
        report.put("rows", trained.rows());
        report.put("headwaterMilliseconds", Bench.rounded(Bench.median(headwater), 3));
        report.put("pyTorchMilliseconds", Bench.rounded(Bench.median(pyTorch), 3));
        report.put("headwaterToPyTorch", Bench.rounded(Bench.median(ratios), 2));
        report.put("leastRatio", Bench.rounded(Bench.quantile(ratios, 0), 2));
        report.put("greatestRatio", Bench.rounded(Bench.quantile(ratios, 1), 2));
        report.put("lossDifference", String.format(Locale.ROOT, "%.1e", difference));
        return report;
    }
}
