package io.headwater.bench.labels;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.GeneratedSets;
import io.headwater.bench.learner.SampleStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What serves over time when labels come some requests late, and how good the evaluations by these labels are. */
final class DelaysBench {
    private static final List<String> SETS = List.of("stsa", "cifar10");
    private static final List<Integer> DELAYS = List.of(0, 1000, 10_000);
    private static final int REQUESTS = 30_000;
    private static final int SEEDS = 2;
    private static final int DECIMALS = 4;

    private DelaysBench() {}

    /**
     * Runs all measurements and prints the results.
     *
     * @param args folder of features, optionally --quick
     */
    public static void main(String[] args) throws IOException {
        int seeds = Bench.isQuick(args) ? 1 : SEEDS;
        List<Map<String, Object>> rows = new ArrayList<>();
        rows(rows, GeneratedSets.longStream(), true, seeds);
        for (String name : Bench.isQuick(args) ? SETS.subList(0, 1) : SETS) {
            rows(rows, FeatureSet.read(Path.of(args[0]).resolve(name)), false, seeds);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("seeds", seeds);
        result.put("requests", REQUESTS);
        result.put("first", DelayedLane.FIRST);
        result.put("period", DelayedLane.PERIOD);
        result.put("mark", DelayedLane.MARK);
        result.put("rows", rows);
        Bench.print("delays", result, Machine.facts());
    }

    private static void rows(List<Map<String, Object>> rows, FeatureSet set, boolean changes, int seeds) {
        for (int delay : DELAYS) {
            rows.add(row(set, changes, delay, seeds));
        }
    }

    /** Means over the seeds, and the largest error of all; each seed has another order of the samples. */
    private static Map<String, Object> row(FeatureSet set, boolean changes, int delay, int seeds) {
        int size = DelayedLane.FIRST + REQUESTS;
        int changed = changes ? DelayedLane.FIRST + REQUESTS / 2 : Integer.MAX_VALUE;
        List<DelayedLane.Result> results = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            SampleStream stream = SampleStream.repeated(set, size, seed);
            try (DelayedLane lane = new DelayedLane(set)) {
                results.add(lane.run(changes ? stream.rotatedFrom(changed) : stream, changed, delay));
            }
        }
        List<Double> curve = new ArrayList<>();
        for (int mark = 0; mark < REQUESTS / DelayedLane.MARK - 1; mark++) {
            int index = mark;
            curve.add(mean(results, result -> result.curve().get(index)));
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", set.name());
        row.put("samples", set.train().size());
        row.put("changes", changes);
        row.put("delay", delay);
        row.put("curve", curve);
        row.put("answered", mean(results, DelayedLane.Result::answered));
        row.put("partlyError", mean(results, result -> mean(result.partly())));
        row.put("completeError", mean(results, result -> mean(result.complete())));
        row.put("ownError", mean(results, result -> mean(result.own())));
        row.put("ownLargestError", largest(results));
        Bench.say("bench: %s", row.toString());
        return row;
    }

    private static double mean(List<DelayedLane.Result> results, ToDoubleFunction<DelayedLane.Result> value) {
        return Bench.rounded(results.stream().mapToDouble(value).average().orElse(Double.NaN), DECIMALS);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(one -> one).average().orElse(0);
    }

    private static double largest(List<DelayedLane.Result> results) {
        return Bench.rounded(
                results.stream()
                        .flatMap(result -> result.own().stream())
                        .mapToDouble(one -> one)
                        .max()
                        .orElse(0),
                DECIMALS);
    }
}
