package io.headwater.bench.learner;

import io.headwater.bench.Bench;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Streams that are not of one clean concept: wrong labels, a changed concept, classes and domains one after another. */
final class Scenarios {
    private static final double NOISE = 0.2;
    private static final double NEARLY = 0.95;
    private static final int POISONED = 1000;
    private static final int CLASSES_PER_TASK = 2;

    private final LearnerResults results;
    private final int seeds;
    private final Map<String, FeatureSet> sets;

    Scenarios(LearnerResults results, int seeds, Map<String, FeatureSet> sets) {
        this.results = results;
        this.seeds = seeds;
        this.sets = sets;
    }

    /** Measures all scenarios. */
    void measure() {
        for (int seed = 1; seed <= seeds; seed++) {
            for (String name : List.of("stsa", "cifar10", "articles")) {
                noise(set(name), seed);
            }
            for (String name : List.of("stsa", "cifar10", "units")) {
                change(set(name), seed);
            }
            for (String name : List.of("stsa", "polarity")) {
                poison(set(name), seed);
            }
            incremental(set("cifar10"), seed);
            domains(set("digits-by-speaker"), seed);
        }
    }

    private FeatureSet set(String name) {
        return sets.computeIfAbsent(name, missing -> {
            throw new IllegalArgumentException("there is no set " + missing);
        });
    }

    private static Map<String, Object> row(String part, FeatureSet set, int seed) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("part", part);
        row.put("set", set.name());
        row.put("seed", seed);
        return row;
    }

    private void add(Map<String, Object> row) {
        results.row(row);
        Bench.say("bench: %s %s", String.valueOf(row.get("part")), String.valueOf(row.get("set")));
    }

    private static OnePass lane(FeatureSet set) {
        return new OnePass(set.train().features()[0].length);
    }

    /** What serves along a stream and at its end. */
    private record Learned(Curve curve, HeadScores scores) {}

    /** Learns a stream, and adds what was measured. */
    private static Learned learned(Map<String, Object> row, SampleStream stream, FeatureSet.Part test) {
        List<String> classes = stream.set().classes();
        Curve curve = new Curve();
        try (OnePass lane = lane(stream.set())) {
            lane.learn(
                    stream,
                    (samples, promoted) ->
                            curve.add(samples, lane.scores(classes, test).accuracy(), promoted));
            HeadScores scores = lane.scores(classes, test);
            SizesAndOrders.measured(row, lane, scores, curve);
            return new Learned(curve, scores);
        }
    }

    /** A fifth of all labels is wrong. */
    private void noise(FeatureSet set, int seed) {
        SampleStream clean = SampleStream.shuffled(set, seed);
        SampleStream noisy = clean.withNoise(NOISE, 0, clean.size(), seed);
        Map<String, Object> row = row("noise", set, seed);
        learned(row, noisy, set.test());
        row.put("peers", results.peers(noisy));
        add(row);
    }

    /** From the middle on, each class is called by the name of the next one. A fresh lane learns the second half alone. */
    private void change(FeatureSet set, int seed) {
        int middle = set.train().size() / 2;
        SampleStream stream = SampleStream.shuffled(set, seed).rotatedFrom(middle);
        SampleStream after = stream.between(middle, stream.size());
        FeatureSet.Part test = new FeatureSet.Part(
                set.test().features(),
                Arrays.stream(set.test().labels()).map(stream::rotated).toArray(),
                set.test().groups());
        Learned fresh = learned(new LinkedHashMap<>(), after, test);
        double target = NEARLY * fresh.scores().accuracy();
        Map<String, Object> row = row("change", set, seed);
        Curve curve = learned(row, stream, test).curve();
        row.put("fresh", fresh.scores().accuracy());
        row.put("samplesToTarget", curve.reached(target, middle));
        row.put("freshSamplesToTarget", fresh.curve().reached(target, 0));
        row.put("changedAt", middle);
        if (seed == 1) {
            row.put("curve", curve.pairs());
        }
        row.put("peers", results.peers(after, true));
        row.put("peersOfAll", results.peers(stream, true));
        add(row);
    }

    /** Labels are random for a stretch in the middle. */
    private void poison(FeatureSet set, int seed) {
        int from = set.train().size() / 2 - POISONED / 2;
        int classes = set.classes().size();
        SampleStream stream =
                SampleStream.shuffled(set, seed).withNoise((classes - 1.0) / classes, from, from + POISONED, seed);
        Map<String, Object> row = row("poison", set, seed);
        Curve curve = learned(row, stream, set.test()).curve();
        row.put("fallAfterPoison", curve.fallAfter(from));
        row.put("poisonedFrom", from);
        if (seed == 1) {
            row.put("curve", curve.pairs());
        }
        row.put("peers", results.peers(stream));
        add(row);
    }

    /** Classes arrive in tasks of two, one after another. */
    private void incremental(FeatureSet set, int seed) {
        SampleStream stream = SampleStream.shuffled(set, seed)
                .sortedBy(Arrays.stream(set.train().labels())
                        .map(label -> label / CLASSES_PER_TASK)
                        .toArray());
        Map<String, Object> row = row("incremental", set, seed);
        learned(row, stream, set.test());
        row.put("peers", results.peers(stream));
        row.put("naive", results.naive(stream));
        add(row);
    }

    /**
     * Domains one after another: in one lane, in lanes that start from the first domain's lane, and each alone.
     * Forgetting is the accuracy on a domain right after it was learned, less that at the end.
     */
    private void domains(FeatureSet set, int seed) {
        int domains = set.groups().size();
        List<FeatureSet.Part> tests = IntStream.range(0, domains)
                .mapToObj(d -> DerivedSets.ofGroup(set.test(), d))
                .toList();
        List<SampleStream> streams = IntStream.range(0, domains)
                .mapToObj(d -> ofDomain(SampleStream.shuffled(set, seed), d))
                .toList();
        double[] afterOwn = new double[domains];
        double[] atEnd = new double[domains];
        double[] alone = new double[domains];
        double[] fromSource = new double[domains];
        double[] sourceForgotten = new double[domains];
        try (OnePass one = lane(set);
                OnePass source = lane(set)) {
            source.learn(streams.get(0), (samples, promoted) -> {});
            double ofSource = source.scores(set.classes(), tests.get(0)).accuracy();
            for (int d = 0; d < domains; d++) {
                one.learn(streams.get(d), (samples, promoted) -> {});
                afterOwn[d] = one.scores(set.classes(), tests.get(d)).accuracy();
                try (OnePass own = lane(set);
                        OnePass started = new OnePass(source)) {
                    own.learn(streams.get(d), (samples, promoted) -> {});
                    alone[d] = own.scores(set.classes(), tests.get(d)).accuracy();
                    started.learn(streams.get(d), (samples, promoted) -> {});
                    fromSource[d] = started.scores(set.classes(), tests.get(d)).accuracy();
                    sourceForgotten[d] = ofSource
                            - started.scores(set.classes(), tests.get(0)).accuracy();
                }
            }
            for (int d = 0; d < domains; d++) {
                atEnd[d] = one.scores(set.classes(), tests.get(d)).accuracy();
            }
        }
        Map<String, Object> row = row("domains", set, seed);
        int last = domains - 1;
        row.put("forgotten", mean(afterOwn, 0, last) - mean(atEnd, 0, last));
        row.put("newDomain", mean(afterOwn, 1, domains));
        row.put("newDomainFromSource", mean(fromSource, 1, domains));
        row.put("newDomainAlone", mean(alone, 1, domains));
        row.put("sourceForgotten", mean(sourceForgotten, 1, domains));
        add(row);
    }

    private static double mean(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).average().orElse(0);
    }

    private static SampleStream ofDomain(SampleStream stream, int domain) {
        return SampleStream.of(
                stream.set(),
                Arrays.stream(stream.samples())
                        .filter(i -> stream.set().train().groups()[i] == domain)
                        .toArray());
    }
}
