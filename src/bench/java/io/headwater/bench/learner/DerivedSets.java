package io.headwater.bench.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Sets made of the samples of others. */
final class DerivedSets {
    private static final long SEED = 12;

    private DerivedSets() {}

    /** Returns a set of two classes in which the second class is {@code share} of all samples. */
    static FeatureSet imbalanced(FeatureSet set, double share) {
        return new FeatureSet(
                set.name() + "-imbalanced",
                set.classes(),
                set.groups(),
                set.groupKind(),
                imbalanced(set.train(), share),
                imbalanced(set.test(), share));
    }

    private static FeatureSet.Part imbalanced(FeatureSet.Part part, double share) {
        long many = IntStream.of(part.labels()).filter(label -> label == 0).count();
        long few = Math.round(many * share / (1 - share));
        int[] taken = new int[1];
        return some(part, i -> part.labels()[i] == 0 || taken[0]++ < few);
    }

    private static FeatureSet.Part some(FeatureSet.Part part, IntPredicate chosen) {
        return part.of(IntStream.range(0, part.size()).filter(chosen).toArray());
    }

    /** Returns the digits of {@code speakers}, whose classes are {@code digit-speaker}, with the speakers as groups. */
    static FeatureSet digitsOfSpeakers(FeatureSet speakers) {
        List<String> digits = distinct(speakers.classes(), 0);
        List<String> names = distinct(speakers.classes(), 1);
        List<float[]> features = new ArrayList<>(List.of(speakers.train().features()));
        features.addAll(List.of(speakers.test().features()));
        int[] labels = IntStream.concat(
                        IntStream.of(speakers.train().labels()),
                        IntStream.of(speakers.test().labels()))
                .toArray();
        FeatureSet.Part all = new FeatureSet.Part(
                features.toArray(float[][]::new),
                IntStream.of(labels)
                        .map(i -> digits.indexOf(speakers.classes().get(i).split("-")[0]))
                        .toArray(),
                IntStream.of(labels)
                        .map(i -> names.indexOf(speakers.classes().get(i).split("-")[1]))
                        .toArray());
        Random random = new Random(SEED);
        boolean[] isTest = new boolean[all.size()];
        for (int i = 0; i < isTest.length; i++) {
            isTest[i] = random.nextDouble() < 0.4;
        }
        return new FeatureSet(
                "digits-by-speaker", digits, names, "speaker", some(all, i -> !isTest[i]), some(all, i -> isTest[i]));
    }

    private static List<String> distinct(List<String> classes, int part) {
        return classes.stream()
                .map(name -> name.split("-")[part])
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the samples of a group. */
    static FeatureSet.Part ofGroup(FeatureSet.Part part, int group) {
        return some(part, i -> part.groups()[i] == group);
    }
}
