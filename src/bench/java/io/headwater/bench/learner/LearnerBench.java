package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
        Map<String, Consumer<LearnerResults>> parts = new LinkedHashMap<>();
        sets.values()
                .forEach(set ->
                        parts.put(set.name(), results -> new SizesAndOrders(results, seeds, quick).measure(set)));
        parts.put("scenarios", results -> new Scenarios(results, seeds, sets).measure());
        parts.put("coverage", results -> new Coverage(results, seeds, sets).measure());
        parts.put("modes", results -> new Modes(results, seeds, sets).measure());
        if (!only.isEmpty()) {
            parts.keySet().retainAll(only);
        }
        Path file = Path.of(args[1]);
        measure(parts, file, Files.createDirectories(Path.of(file + ".parts")), quick ? "quick" : "seeds-" + seeds)
                .write(file, quick);
    }

    /**
     * Measures the parts one after another. Each is kept in a file until all are measured, so that a run that was
     * interrupted goes on with the part at which it was.
     */
    private static LearnerResults measure(
            Map<String, Consumer<LearnerResults>> parts, Path file, Path kept, String kind) throws IOException {
        LearnerResults all = new LearnerResults();
        for (Map.Entry<String, Consumer<LearnerResults>> part : parts.entrySet()) {
            Path own = kept.resolve(part.getKey() + "-" + kind + ".json");
            if (!Files.exists(own)) {
                LearnerResults results = new LearnerResults();
                part.getValue().accept(results);
                results.keep(own);
            }
            all.addKept(own);
        }
        for (String part : parts.keySet()) {
            Files.delete(kept.resolve(part + "-" + kind + ".json"));
        }
        Bench.say("bench: %s has all %d parts", file.toString(), parts.size());
        return all;
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
