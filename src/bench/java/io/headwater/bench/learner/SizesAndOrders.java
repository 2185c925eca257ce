package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Learns subsets of several sizes in several orders. */
final class SizesAndOrders {
    private static final String ALL = "all";
    private static final String SHUFFLED = "shuffled";

    private final LearnerResults results;
    private final int seeds;
    private final List<String> sizes;

    SizesAndOrders(LearnerResults results, int seeds, boolean quick) {
        this.results = results;
        this.seeds = seeds;
        this.sizes = quick ? List.of("16", ALL) : List.of("8", "16", "64", ALL);
    }

    /** Measures all sizes, orders and seeds of a set. */
    void measure(FeatureSet set) {
        for (String size : sizes) {
            for (int seed = 1; seed <= seeds; seed++) {
                SampleStream stream = size.equals(ALL)
                        ? SampleStream.shuffled(set, seed)
                        : SampleStream.perClass(set, Integer.parseInt(size), seed);
                if (!size.equals(ALL) && stream.size() == set.train().size()) {
                    continue;
                }
                measure(stream, size, SHUFFLED, seed);
                measure(stream.sortedBy(set.train().labels()), size, "sorted", seed);
                if (set.groupKind().equals("speaker")) {
                    measure(stream.sortedBy(set.train().groups()), size, "domains", seed);
                }
            }
        }
    }

    private void measure(SampleStream stream, String size, String order, int seed) {
        FeatureSet set = stream.set();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("part", "sizes");
        row.put("set", set.name());
        row.put("size", size);
        row.put("order", order);
        row.put("seed", seed);
        row.put("samples", stream.size());
        Curve curve = new Curve();
        try (OnePass lane = new OnePass(set.train().features()[0].length)) {
            lane.learn(
                    stream,
                    (samples, promoted) -> curve.add(
                            samples, lane.scores(set.classes(), set.test()).accuracy(), promoted));
            HeadScores scores = lane.scores(set.classes(), set.test());
            measured(row, lane, scores, curve);
            if (seed == 1) {
                Bench.say("bench: %s %s %s: %.3f", set.name(), size, order, scores.accuracy());
            }
        }
        if (size.equals(ALL) && seed == 1) {
            row.put("curve", curve.pairs());
        }
        row.put("peers", results.peers(stream));
        results.row(row);
    }

    /** Adds what was measured of a lane. */
    static void measured(Map<String, Object> row, OnePass lane, HeadScores scores, Curve curve) {
        row.put("accuracy", scores.accuracy());
        row.put("macroF1", scores.macroF1());
        row.put("ece", scores.ece());
        row.put("area", curve.area());
        row.put("prequential", lane.prequential());
        row.put("versions", curve.points().size());
        row.put("promotions", lane.promotions());
        row.put("rollbacks", lane.rollbacks());
        row.put("worsePromotions", curve.worsePromotions());
        row.put("deepestFall", curve.deepestFall());
        row.put("seconds", lane.seconds());
    }
}
