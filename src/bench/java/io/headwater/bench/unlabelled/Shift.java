package io.headwater.bench.unlabelled;

import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.FeatureSet.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A domain in which a lane has learned, and another one that is new.
 *
 * @param name of the pair
 * @param classes names of the classes of both
 * @param source labelled samples of the first domain
 * @param stream samples of the new domain
 * @param test other samples of the new domain, to score
 */
record Shift(String name, List<String> classes, Part source, Part stream, Part test) {

    /** Names of sets of which features are needed. */
    static final List<String> SETS =
            List.of("cifar10", "cifar10-noise", "cifar10-blur", "cifar10-contrast", "cifar10-fog", "digits", "stsa");

    /** Returns all pairs from the features in {@code folder}. */
    static List<Shift> all(Path folder) throws IOException {
        List<Shift> all = new ArrayList<>();
        FeatureSet clean = FeatureSet.read(folder.resolve("cifar10"));
        for (String name : SETS.subList(1, 5)) {
            FeatureSet worse = FeatureSet.read(folder.resolve(name));
            all.add(new Shift(
                    "images, clean to " + name.substring("cifar10-".length()),
                    clean.classes(),
                    clean.train(),
                    renamed(worse.train(), worse.classes(), clean.classes()),
                    renamed(worse.test(), worse.classes(), clean.classes())));
        }
        FeatureSet digits = FeatureSet.read(folder.resolve("digits"));
        Part spoken = joined(digits.train(), digits.test());
        for (int speaker = 0; speaker < digits.groups().size(); speaker++) {
            int next = (speaker + 1) % digits.groups().size();
            all.add(ofSpeakers(digits, spoken, List.of(speaker), next));
        }
        for (int speaker = 0; speaker < digits.groups().size(); speaker++) {
            int held = speaker;
            List<Integer> others = IntStream.range(0, digits.groups().size())
                    .filter(one -> one != held)
                    .boxed()
                    .toList();
            all.add(ofSpeakers(digits, spoken, others, held));
        }
        all.add(generated());
        all.add(noShift(clean));
        all.add(noShift(FeatureSet.read(folder.resolve("stsa"))));
        return all;
    }

    private static Shift ofSpeakers(FeatureSet digits, Part spoken, List<Integer> from, int to) {
        int[] own = IntStream.range(0, spoken.size())
                .filter(i -> spoken.groups()[i] == to)
                .toArray();
        int half = own.length / 2;
        return new Shift(
                String.format(
                        Locale.ROOT,
                        "digits, %s to %s",
                        from.size() == 1 ? digits.groups().get(from.get(0)) : "three others",
                        digits.groups().get(to)),
                digits.classes(),
                spoken.of(IntStream.range(0, spoken.size())
                        .filter(i -> from.contains(spoken.groups()[i]))
                        .toArray()),
                spoken.of(IntStream.of(own).limit(half).toArray()),
                spoken.of(IntStream.of(own).skip(half).toArray()));
    }

    /** Returns generated classes, and the same as another device would measure them, whose gains and offsets differ. */
    private static Shift generated() {
        int width = 32;
        List<String> classes = List.of("a", "b", "c", "d", "e", "f");
        Random random = new Random(11);
        float[][] means = new float[classes.size()][width];
        float[] gains = new float[width];
        float[] offsets = new float[width];
        for (int i = 0; i < width; i++) {
            for (float[] mean : means) {
                mean[i] = 0.5f * (float) random.nextGaussian();
            }
            gains[i] = (float) Math.exp(0.5 * random.nextGaussian());
            offsets[i] = (float) random.nextGaussian();
        }
        Part here = generated(random, means, 2000);
        Part there = generated(random, means, 1500);
        for (float[] row : there.features()) {
            for (int i = 0; i < width; i++) {
                row[i] = gains[i] * row[i] + offsets[i];
            }
        }
        return new Shift(
                "generated, another device",
                classes,
                here,
                there.of(IntStream.range(0, 700).toArray()),
                there.of(IntStream.range(700, 1500).toArray()));
    }

    private static Part generated(Random random, float[][] means, int size) {
        float[][] features = new float[size][means[0].length];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            labels[i] = random.nextInt(means.length);
            for (int j = 0; j < features[i].length; j++) {
                features[i][j] = means[labels[i]][j] + (float) random.nextGaussian();
            }
        }
        return new Part(features, labels, new int[size]);
    }

    /** Returns two halves of one domain, in which nothing is gained and nothing should be lost. */
    private static Shift noShift(FeatureSet set) {
        int half = set.train().size() / 2;
        return new Shift(
                set.name() + ", no shift",
                set.classes(),
                set.train().of(IntStream.range(0, half).toArray()),
                set.train().of(IntStream.range(half, set.train().size()).toArray()),
                set.test());
    }

    private static Part joined(Part first, Part second) {
        return new Part(
                Stream.of(first, second)
                        .flatMap(part -> Stream.of(part.features()))
                        .toArray(float[][]::new),
                Stream.of(first, second)
                        .flatMapToInt(part -> IntStream.of(part.labels()))
                        .toArray(),
                Stream.of(first, second)
                        .flatMapToInt(part -> IntStream.of(part.groups()))
                        .toArray());
    }

    /** Returns samples whose classes have the places that they have in {@code other}. */
    private static Part renamed(Part part, List<String> classes, List<String> other) {
        return new Part(
                part.features(),
                IntStream.of(part.labels())
                        .map(label -> other.indexOf(classes.get(label)))
                        .toArray(),
                part.groups());
    }
}
