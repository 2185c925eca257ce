package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import io.headwater.config.PromotionConfig.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What serves with each {@code promotion.mode}: the newest version, or versions that have proved themselves. */
final class Modes {
    private static final int RANDOM = 1_000;

    private final LearnerResults results;
    private final int seeds;
    private final Map<String, FeatureSet> sets;

    Modes(LearnerResults results, int seeds, Map<String, FeatureSet> sets) {
        this.results = results;
        this.seeds = seeds;
        this.sets = sets;
    }

    /** Measures streams that stay as they are, and streams with random labels in the middle. */
    void measure() {
        for (String name : List.of("stsa", "polarity", "cifar10", "digits")) {
            FeatureSet set = sets.computeIfAbsent(name, missing -> {
                throw new IllegalArgumentException("there is no set " + missing);
            });
            for (int seed = 1; seed <= seeds; seed++) {
                SampleStream shuffled = SampleStream.shuffled(set, seed);
                int from = shuffled.size() / 2;
                double wrong = (set.classes().size() - 1.0) / set.classes().size();
                SampleStream random = shuffled.withNoise(wrong, from, Math.min(shuffled.size(), from + RANDOM), seed);
                for (Mode mode : Mode.values()) {
                    measure("shuffled", shuffled, mode, seed);
                    measure("1,000 random labels", random, mode, seed);
                }
            }
        }
    }

    private void measure(String name, SampleStream stream, Mode mode, int seed) {
        FeatureSet set = stream.set();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("part", "modes");
        row.put("set", set.name());
        row.put("stream", name);
        row.put("mode", mode.name().toLowerCase(Locale.ROOT));
        row.put("seed", seed);
        Curve curve = new Curve();
        try (OnePass lane = new OnePass(set.train().features()[0].length, mode)) {
            lane.learn(
                    stream,
                    (samples, promoted) -> curve.add(
                            samples, lane.scores(set.classes(), set.test()).accuracy(), promoted));
            SizesAndOrders.measured(row, lane, lane.scores(set.classes(), set.test()), curve);
        }
        results.row(row);
        Bench.say("bench: %s", row.toString());
    }
}
