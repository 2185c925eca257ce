package io.headwater.bench.top;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.top.TopProcess.Peak;
import io.headwater.bench.top.TopProcess.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures time and memory of a training step of an unfrozen top on cached rows with one thread, in Headwater and in
 * PyTorch, compared with a forward pass of the whole frozen model over the same batch. Each engine runs in a process
 * of its own, and the engines take turns.
 */
final class FineTuneBench {
    static final Path FOLDER = Path.of("target", "bench", "tops");

    private static final List<TopCase> CASES =
            List.of(TopCase.MINILM_1, TopCase.MINILM_2, TopCase.SQUEEZENET, TopCase.RESNET);
    private static final int COMPARED_LOSSES = 5;
    private static final double LOSS_TOLERANCE = 1e-4;

    private final TopCase top;
    private final int rounds;
    private final int steps;
    private final Map<TopEngines, TopProcess> engines = new EnumMap<>(TopEngines.class);
    private final Map<TopEngines, List<Double>> milliseconds = new EnumMap<>(TopEngines.class);
    private final List<Double> headwater = new ArrayList<>();
    private final List<Double> pyTorch = new ArrayList<>();
    private final List<Double> toPyTorch = new ArrayList<>();

    private FineTuneBench(TopCase top, int rounds, int steps) {
        this.top = top;
        this.rounds = rounds;
        this.steps = steps;
    }

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        int rounds = quick ? 3 : 9;
        int steps = quick ? 3 : 12;
        Map<String, String> machine = Machine.facts();
        List<Map<String, Object>> tops = new ArrayList<>();
        for (TopCase top : CASES) {
            if (top.isThere()) {
                tops.add(new FineTuneBench(top, rounds, steps).measure());
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("rounds", rounds);
        report.put("stepsARound", steps);
        report.put("tops", tops);
        Bench.print("finetune", report, machine);
    }

    private Map<String, Object> measure() throws Exception {
        Path folder = FOLDER.resolve(top.name());
        TopFixture.prepare(top, folder);
        try {
            for (TopEngines engine : TopEngines.values()) {
                engines.put(engine, engine.start(top, folder));
                milliseconds.put(engine, new ArrayList<>());
            }
            double difference = lossDifference();
            for (int round = 0; round < rounds; round++) {
                round(round);
            }
            return report(difference);
        } finally {
            engines.values().forEach(TopProcess::close);
        }
    }

    private TopProcess engine(TopEngines which) {
        TopProcess engine = engines.get(which);
        if (engine == null) {
            throw new IllegalStateException(which + " of " + top + " was not started");
        }
        return engine;
    }

    /**
     * Returns the largest difference between the engines' first losses, relative to losses above 1. Also serves as
     * warm-up.
     */
    private double lossDifference() throws Exception {
        List<Step> ours = engine(TopEngines.HEADWATER).steps(COMPARED_LOSSES);
        List<Step> theirs = engine(TopEngines.PYTORCH).steps(COMPARED_LOSSES);
        engine(TopEngines.FORWARD).steps(2);
        double most = 0;
        for (int i = 0; i < COMPARED_LOSSES; i++) {
            double expected = theirs.get(i).loss();
            most = Math.max(most, Math.abs(ours.get(i).loss() - expected) / Math.max(1, Math.abs(expected)));
        }
        if (!(most <= LOSS_TOLERANCE)) {
            throw new IllegalStateException("losses of Headwater and PyTorch on " + top + " must agree within "
                    + LOSS_TOLERANCE + ", but differ by " + most + ": " + ours + " and " + theirs);
        }
        return most;
    }

    private void round(int round) throws Exception {
        Map<TopEngines, Double> median = new EnumMap<>(TopEngines.class);
        TopEngines[] all = TopEngines.values();
        // The engines take turns in going first, so that a machine that slows down favours none of them.
        for (int turn = 0; turn < all.length; turn++) {
            TopEngines which = all[(round + turn) % all.length];
            // A whole forward pass takes longest and varies least.
            int count = which == TopEngines.FORWARD ? Math.max(2, steps / 4) : steps;
            double of = Bench.median(
                    engine(which).steps(count).stream().map(Step::milliseconds).toList());
            median.put(which, of);
            milliseconds.computeIfAbsent(which, none -> new ArrayList<>()).add(of);
        }
        Bench.say("%s round=%d %s", top, round, median);
        double forward = median.getOrDefault(TopEngines.FORWARD, Double.NaN);
        double ours = median.getOrDefault(TopEngines.HEADWATER, Double.NaN);
        double theirs = median.getOrDefault(TopEngines.PYTORCH, Double.NaN);
        headwater.add(ours / forward);
        pyTorch.add(theirs / forward);
        toPyTorch.add(ours / theirs);
    }

    private Map<String, Object> report(double difference) throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("top", top.title());
        report.put("forwardMilliseconds", milliseconds(TopEngines.FORWARD));
        report.put("headwaterMilliseconds", milliseconds(TopEngines.HEADWATER));
        report.put("pyTorchMilliseconds", milliseconds(TopEngines.PYTORCH));
        report.put("headwater", Bench.rounded(Bench.median(headwater), 2));
        report.put("pyTorch", Bench.rounded(Bench.median(pyTorch), 2));
        report.put("headwaterToPyTorch", Bench.rounded(Bench.median(toPyTorch), 2));
        Peak ours = engine(TopEngines.HEADWATER).peak();
        Peak theirs = engine(TopEngines.PYTORCH).peak();
        report.put("headwaterPeakMiB", ours.stepsMiB());
        report.put("headwaterStartPeakMiB", ours.processMiB());
        report.put("pyTorchPeakMiB", theirs.stepsMiB());
        report.put("pyTorchStartPeakMiB", theirs.processMiB());
        report.put("lossDifference", String.format(Locale.ROOT, "%.1e", difference));
        return report;
    }

    private double milliseconds(TopEngines which) {
        return Bench.rounded(Bench.median(milliseconds.getOrDefault(which, List.of())), 1);
    }
}
