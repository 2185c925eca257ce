package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Compares what keeps heads with a hidden layer from forgetting, on streams whose classes or domains come one after another,
 * with replay memories of several sizes; beside GDumb, which learns nothing but its memory.
 */
final class RememberingBench {
    private static final List<String> SETS = List.of("cifar10", "digits-by-speaker", "articles");
    private static final List<Integer> CAPACITIES = List.of(2000, 200, 50, 0);
    private static final List<String> METHODS = List.of("replay", "der", "lwf", "ewc");

    private RememberingBench() {}

    /**
     * Runs all measurements.
     *
     * @param folder the folder of the features
     * @return a row for each stream and each size of the memory
     */
    static List<Map<String, Object>> rows(Path folder, int seeds) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String name : SETS) {
            FeatureSet set = FeatureSet.read(folder.resolve(name));
            for (String order : orders(set)) {
                for (int capacity : CAPACITIES) {
                    rows.add(row(set, order, capacity, seeds));
                }
            }
        }
        return rows;
    }

    private static List<String> orders(FeatureSet set) {
        return set.groupKind().isEmpty()
                ? List.of("shuffled", "by class")
                : List.of("by class", "by " + set.groupKind());
    }

    private static SampleStream stream(FeatureSet set, String order, int seed) {
        SampleStream stream = SampleStream.shuffled(set, seed);
        return switch (order) {
            case "shuffled" -> stream;
            case "by class" -> stream.sortedBy(set.train().labels());
            default -> stream.sortedBy(set.train().groups());
        };
    }

    private static Map<String, Object> row(FeatureSet set, String order, int capacity, int seeds) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("stream", set.name() + ", " + order);
        row.put("capacity", capacity);
        for (String method : METHODS) {
            if (capacity > 0 || !method.equals("der")) {
                String keys =
                        "head.hidden: 64\nreplay.capacity: %d\ntraining.remember: %s\n".formatted(capacity, method);
                row.put(
                        method,
                        mean(
                                seeds,
                                seed -> GradientBench.learn(stream(set, order, seed), keys)
                                        .scores()));
            }
        }
        if (capacity > 0) {
            row.put("gdumb", mean(seeds, seed -> GreedyMemory.scores(stream(set, order, seed), capacity, seed)));
        }
        Bench.say("bench: %s", row);
        return row;
    }

    /** Returns the mean accuracy and the mean calibration error. */
    private static Map<String, Double> mean(int seeds, IntFunction<HeadScores> run) {
        double accuracy = 0;
        double ece = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            HeadScores scores = run.apply(seed);
            accuracy += scores.accuracy() / seeds;
            ece += scores.ece() / seeds;
        }
        return Map.of("accuracy", Bench.rounded(accuracy, 4), "ece", Bench.rounded(ece, 4));
    }
}
