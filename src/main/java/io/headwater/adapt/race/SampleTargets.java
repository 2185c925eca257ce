package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.closed.Alignment;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of features with their targets, as closed forms read them.
 *
 * @param kind form of the targets
 * @param features rows of as many values as a head has inputs
 * @param classes index of the class of each row, for {@link LinearTarget#CLASSES}; otherwise empty
 * @param targets target of each row for the other forms: a 1 for each label that applies, or numbers; otherwise empty
 */
record SampleTargets(LinearTarget kind, float[][] features, int[] classes, float[][] targets) {
    /** A large prime number, whose multiples visit rows in a mixed order. */
    private static final long STRIDE = 999_983;

    /**
     * Returns the rows of samples. A row of a sample that has no target is left out.
     *
     * @param width number of features of a row
     */
    static SampleTargets of(LinearTarget kind, int width, List<StoredSample> samples) {
        List<float[]> rows = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        List<float[]> targets = new ArrayList<>();
        for (StoredSample sample : samples) {
            switch (kind) {
                case CLASSES -> addRows(sample, width, rows, classes);
                case LABELS -> {
                    rows.add(sample.features());
                    targets.add(labels(sample.code()));
                }
                case NUMBERS -> {
                    rows.add(sample.features());
                    targets.add(sample.code());
                }
            }
        }
        return new SampleTargets(
                kind,
                rows.toArray(float[][]::new),
                classes.stream().mapToInt(Integer::intValue).toArray(),
                targets.toArray(float[][]::new));
    }

    private static void addRows(StoredSample sample, int width, List<float[]> rows, List<Integer> classes) {
        float[] code = sample.code();
        for (int row = 0; row < code.length; row++) {
            if (code[row] >= 0) {
                rows.add(
                        code.length == 1
                                ? sample.features()
                                : Arrays.copyOfRange(sample.features(), row * width, (row + 1) * width));
                classes.add((int) code[row]);
            }
        }
    }

    private static float[] labels(float[] code) {
        int length = 0;
        for (float label : code) {
            length = Math.max(length, (int) label + 1);
        }
        float[] labels = new float[length];
        for (float label : code) {
            if (label >= 0) {
                labels[(int) label] = 1;
            }
        }
        return labels;
    }

    int count() {
        return features.length;
    }

    /** Returns these rows, or so many of them that represent them where there are more; only for classes. */
    SampleTargets atMost(int rows) {
        if (count() <= rows) {
            return this;
        }
        // Samples in memory are grouped by class.
        return at(IntStream.range(0, rows)
                .map(i -> (int) (i * STRIDE % count()))
                .distinct()
                .toArray());
    }

    /** Returns these rows as {@code alignment} maps them; only for classes. */
    SampleTargets mapped(Alignment alignment) {
        return new SampleTargets(
                kind, Stream.of(features).map(alignment::map).toArray(float[][]::new), classes, targets);
    }

    /** Returns these rows and then others; only for classes. */
    SampleTargets and(SampleTargets others) {
        return new SampleTargets(
                kind,
                Stream.of(features, others.features).flatMap(Stream::of).toArray(float[][]::new),
                IntStream.concat(IntStream.of(classes), IntStream.of(others.classes))
                        .toArray(),
                targets);
    }

    /** Returns the rows of classes that have a frequency above 0; only for classes. */
    SampleTargets ofClasses(double[] frequencies) {
        return at(IntStream.range(0, count())
                .filter(row -> frequencies[classes[row]] > 0)
                .toArray());
    }

    private SampleTargets at(int[] rows) {
        return new SampleTargets(
                kind,
                IntStream.of(rows).mapToObj(row -> features[row]).toArray(float[][]::new),
                IntStream.of(rows).map(row -> classes[row]).toArray(),
                targets);
    }

    void addTo(Moments moments) {
        if (kind == LinearTarget.CLASSES) {
            moments.add(features, classes);
        } else {
            moments.add(features, targets);
        }
    }

    void removeFrom(Moments moments) {
        if (kind == LinearTarget.CLASSES) {
            moments.remove(features, classes);
        } else {
            moments.remove(features, targets);
        }
    }
}
