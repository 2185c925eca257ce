package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Measures a lane at its defaults, in one pass over the features of each set. */
final class LearnerBench {
    private static final int SEEDS = 5;

    private LearnerBench() {}

    /**
     * Runs all measurements.
     *
     * @param args folder of features, file of results, optionally --quick or --seeds=N, optionally names of sets, or
     *     "scenarios", "coverage" or "modes", to restrict the run to
     */
    public static void main(String[] args) throws IOException {
        boolean quick = Bench.isQuick(args);
        Path features = Path.of(args[0]);
        List<String> only = List.of(args).subList(2, args.length).stream()
                .filter(name -> !name.startsWith("--"))
                .toList();
        int seeds = quick ? 1 : seeds(args);
        Map<String, FeatureSet> sets = sets(features);
        LearnerResults results = new LearnerResults();
        SizesAndOrders grid = new SizesAndOrders(results, seeds, quick);
        for (FeatureSet set : sets.values()) {
            if (only.isEmpty() || only.contains(set.name())) {
                grid.measure(set);
            }
        }
        if (only.isEmpty() || only.contains("scenarios")) {
            new Scenarios(results, seeds, sets).measure();
        }
        if (only.isEmpty() || only.contains("coverage")) {
            new Coverage(results, seeds, sets).measure();
        }
        if (only.isEmpty() || only.contains("modes")) {
            new Modes(results, seeds, sets).measure();
        }
        results.write(Path.of(args[1]), quick);
    }

    private static int seeds(String[] args) {
        return Stream.of(args)
                .filter(argument -> argument.startsWith("--seeds="))
                .map(argument -> Integer.valueOf(argument.substring(argument.indexOf('=') + 1)))
                .findFirst()
                .orElse(SEEDS);
    }

    /** Returns all sets by name; writes those that are not computed by a model, for the peers. */
    private static Map<String, FeatureSet> sets(Path folder) throws IOException {
        Map<String, FeatureSet> sets = new LinkedHashMap<>();
        for (String name : FeatureDump.SETS) {
            sets.put(name, FeatureSet.read(folder.resolve(name)));
        }
        FeatureSet stsa = FeatureSet.read(folder.resolve("stsa"));
        FeatureSet speakers = FeatureSet.read(folder.resolve("speakers"));
        for (FeatureSet set : List.of(
                GeneratedSets.manyClasses(),
                GeneratedSets.manyUnits(),
                DerivedSets.imbalanced(stsa, 0.05),
                DerivedSets.digitsOfSpeakers(speakers))) {
            set.write(folder);
            sets.put(set.name(), set);
        }
        return sets;
    }
}
