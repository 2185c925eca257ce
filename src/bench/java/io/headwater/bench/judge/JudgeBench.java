package io.headwater.bench.judge;

import io.headwater.adapt.drift.DriftDetector;
import io.headwater.adapt.drift.DriftLevel;
import io.headwater.adapt.drift.ErrorDetector;
import io.headwater.adapt.judge.ErrorRise;
import io.headwater.adapt.judge.SequentialTest;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/**
 * Simulates the sequential test of two versions, and the detectors of changes: how often they report something that is not
 * there, and after how many samples something that is.
 */
final class JudgeBench {
    private static final double LEVEL = 0.05;

    /** Quantiles of the normal distribution of a one-sided test at 5 % with a power of 80 %. */
    private static final double FIXED = 1.6449 + 0.8416;

    private static final double GAIN = 0.02;
    private static final int NULL_SAMPLES = 4_000;
    private static final int STREAM = 10_000;
    private static final int CHANGE = 3_000;
    private static final int PATIENCE = 4_000;
    private static final double[] DISAGREEMENTS = {0.05, 0.1, 0.3};
    private static final double[] STABLE = {0.02, 0.1, 0.3};
    private static final double[][] CHANGES = {{0.1, 0.6}, {0.1, 0.3}, {0.1, 0.2}, {0.1, 0.15}, {0.3, 0.4}};

    private JudgeBench() {}

    /** Prints all results; with {@code --quick}, fewer repetitions. */
    public static void main(String[] args) throws IOException {
        boolean quick = Bench.isQuick(args);
        int challengers = quick ? 500 : 10_000;
        int streams = quick ? 20 : 200;
        Map<String, Object> measured = new LinkedHashMap<>();
        measured.put("level", LEVEL);
        measured.put("challengers", challengers);
        measured.put("samplesOfAChallenger", NULL_SAMPLES);
        measured.put("gain", GAIN);
        List<Map<String, Object>> tests = new ArrayList<>();
        for (double disagreement : DISAGREEMENTS) {
            Bench.say("bench: pairs that differ on %.0f %% of the samples", 100 * disagreement);
            tests.add(test(disagreement, challengers, Math.max(200, challengers / 10)));
        }
        measured.put("tests", tests);
        measured.put("streams", streams);
        List<Map<String, Object>> detectors = new ArrayList<>();
        detectors.add(detector("own", streams, JudgeBench::own));
        for (ErrorDetector detector : ErrorDetector.values()) {
            String name = detector.name().toLowerCase(Locale.ROOT).replace('_', '-');
            detectors.add(detector(name, streams, () -> watched(detector.create())));
        }
        measured.put("detectors", detectors);
        Bench.print("judge", measured, Machine.facts());
    }

    /** Challengers that are right as often as the champion, and others that are right more often by {@link #GAIN}. */
    private static Map<String, Object> test(double disagreement, int challengers, int better) {
        SplittableRandom random = new SplittableRandom(Math.round(1000 * disagreement) + 1);
        int promoted = 0;
        for (int i = 0; i < challengers; i++) {
            promoted += samplesUntilProved(random, disagreement, 0, NULL_SAMPLES) <= NULL_SAMPLES ? 1 : 0;
        }
        double variance = disagreement - GAIN * GAIN;
        double fixed = FIXED * FIXED * variance / (GAIN * GAIN);
        List<Double> needed = new ArrayList<>();
        for (int i = 0; i < better; i++) {
            needed.add((double) samplesUntilProved(random, disagreement, GAIN, (int) (20 * fixed)));
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("disagreement", disagreement);
        row.put("falsePromotions", Bench.rounded((double) promoted / challengers, 4));
        row.put("fixedSamples", Math.round(fixed));
        row.put("medianSamples", Math.round(Bench.median(needed)));
        row.put("p80Samples", Math.round(Bench.quantile(needed, 0.8)));
        row.put("medianRatio", Bench.rounded(Bench.median(needed) / fixed, 2));
        row.put("p80Ratio", Bench.rounded(Bench.quantile(needed, 0.8) / fixed, 2));
        return row;
    }

    /** Returns after how many samples the evidence suffices at any look, or more than {@code most}. */
    private static int samplesUntilProved(SplittableRandom random, double disagreement, double gain, int most) {
        SequentialTest test = new SequentialTest(0);
        double required = -Math.log(LEVEL);
        for (int i = 1; i <= most; i++) {
            double drawn = random.nextDouble();
            boolean differs = drawn < disagreement;
            boolean challengerIsRight = drawn < (disagreement + gain) / 2;
            test.add(differs && challengerIsRight ? 1 : 0, differs && !challengerIsRight ? 1 : 0);
            if (test.evidence() >= required) {
                return i;
            }
        }
        return most + 1;
    }

    /** A detector as a function of errors that returns whether it reports a change. */
    private static DoublePredicate watched(DriftDetector detector) {
        return error -> detector.add(error).level() == DriftLevel.DRIFT;
    }

    private static DoublePredicate own() {
        ErrorRise rise = ErrorRise.of("errors");
        return error -> rise.observe(error, 0).isPresent();
    }

    private static Map<String, Object> detector(String name, int streams, Supplier<DoublePredicate> create) {
        Bench.say("bench: detector %s", name);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("detector", name);
        SplittableRandom random = new SplittableRandom(1);
        List<Double> alarms = new ArrayList<>();
        for (double rate : STABLE) {
            int alarmed = 0;
            for (int i = 0; i < streams; i++) {
                alarmed += delay(create.get(), random.split(), rate, rate, 0, STREAM) <= STREAM ? 1 : 0;
            }
            alarms.add(Bench.rounded((double) alarmed / streams, 4));
        }
        row.put("falseAlarms", alarms);
        List<Object> delays = new ArrayList<>();
        for (double[] change : CHANGES) {
            List<Double> needed = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                needed.add((double) delay(create.get(), random.split(), change[0], change[1], CHANGE, PATIENCE));
            }
            double median = Bench.median(needed);
            delays.add(median > PATIENCE ? "never" : Math.round(median));
        }
        row.put("delays", delays);
        return row;
    }

    /**
     * Returns after how many samples from {@code change} on a change is first reported, or more than {@code most}. Reports
     * before that are not counted.
     */
    private static int delay(
            DoublePredicate detector, SplittableRandom random, double before, double after, int change, int most) {
        for (int i = 1; i <= change + most; i++) {
            double rate = i <= change ? before : after;
            boolean reported = detector.test(random.nextDouble() < rate ? 1 : 0);
            if (reported && i > change) {
                return i - change;
            }
        }
        return most + 1;
    }
}
